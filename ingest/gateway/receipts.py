"""GET /v1/receipts/{id}: what became of an accepted event."""

import re
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Path

from ingest.gateway.access import Access
from ingest.gateway.answers import Receipt, refusals
from ingest.gateway.openapi import SECURITY
from ingest.gateway.refusal import Refusal, later
from ingest.sources import Source
from schemas.identity import EventId
from schemas.wire import EVENT_ID
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.receipts import find


def add_receipts(app: FastAPI, access: Access, client: Any) -> None:
    """Add the route that answers receipts. `client` is a ClickHouse client; its calls are serialised."""
    one = CapacityLimiter(1)  # a client is not thread-safe; waiting here holds no thread, however slow the store is
    Asking = Annotated[Source, Depends(access.source)]  # noqa: N806  a type
    Id = Annotated[str, Path(json_schema_extra={"pattern": EVENT_ID})]  # noqa: N806

    @app.get("/v1/receipts/{event_id}", responses=refusals(401, 404, 422, 503), openapi_extra=SECURITY)
    async def get_receipt(event_id: Id, source: Asking) -> Receipt:
        """What became of an accepted event of yours; 404 while it is still under way."""
        if not re.fullmatch(EVENT_ID, event_id):
            raise Refusal(422, "not_an_event_id", "不是网关返回的事件编号", "event_id")
        try:
            parsed = EventId.parse(event_id)
        except ValueError:  # the form of an id, on a day that no calendar has
            raise _not_landed() from None
        try:
            found = await to_thread.run_sync(find, client, parsed, source.id, limiter=one)
        except CLICKHOUSE_ERRORS as error:
            raise later(503, "store_unavailable", "数据库暂无响应,请稍后查询", 5) from error
        if found is None:
            raise _not_landed()
        why = {name: getattr(found, name) or None for name in ("reason", "field", "message")}
        return Receipt(id=event_id, status=found.status, type=found.type, received_at=found.received_at, **why)


def _not_landed() -> Refusal:
    return Refusal(404, "not_landed", "尚未查到该来源的此事件:若刚刚发送,请几秒后再查")
