"""POST /v1/heartbeat: a source's own system says that it is there, while it has nothing to report."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from huanxin.errors import UnavailableError
from ingest.gateway.access import Access
from ingest.gateway.acknowledged import Acknowledgements
from ingest.gateway.answers import refusals
from ingest.gateway.openapi import SECURITY
from ingest.gateway.rates import Rates
from ingest.gateway.refusal import later
from ingest.publisher import Publisher
from ingest.sources import Source
from schemas.event import CHINA
from schemas.heartbeat import Heartbeat


class Heard(BaseModel):
    """Whose heartbeat was taken, and when."""

    source: str
    time: datetime


def add_heartbeat(app: FastAPI, access: Access, publisher: Publisher, rates: Rates, acknowledgements: Acknowledgements) -> None:
    """Add the route."""
    Asking = Annotated[Source, Depends(access.source)]  # noqa: N806  a type

    @app.post("/v1/heartbeat", status_code=202, responses=refusals(401, 429, 503), openapi_extra=SECURITY)
    async def post_heartbeat(source: Asking) -> Heard:
        """Say that your system is there; once a minute is often enough. No body."""
        rates.take(source, 1)
        found = Heartbeat.of(source.id, "http", datetime.now(CHINA))
        try:
            await acknowledgements.of(publisher.send([found]))
        except UnavailableError as error:
            raise later(503, "kafka_unavailable", "Kafka 暂不可用,心跳未被接收;请稍后重发", 5) from error
        return Heard(source=source.id, time=found.time)
