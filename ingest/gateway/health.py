"""GET /healthz /readyz /metrics, for those who run the gateway."""

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from ingest.gateway.admission import Admission
from ingest.gateway.answers import refusals
from ingest.gateway.metrics import exposition
from ingest.gateway.refusal import later
from ingest.publisher import Publisher


def add_health(app: FastAPI, publisher: Publisher, admission: Admission) -> None:
    """Add the routes without a key."""

    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """The process answers."""
        return "ok"

    @app.get("/readyz", response_class=PlainTextResponse, responses=refusals(503))
    def readyz() -> str:
        """Kafka answers."""
        if not publisher.ready():
            raise later(503, "kafka_unavailable", "Kafka 暂不可用", 5)
        return "ready"

    @app.get("/metrics", response_class=PlainTextResponse)
    def metrics() -> PlainTextResponse:
        """Prometheus metrics."""
        admission.measure()
        return PlainTextResponse(exposition(), media_type=CONTENT_TYPE_LATEST)
