"""The gateway's routes. An event is answered `accepted` only once Kafka has acknowledged it."""

from collections import Counter
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from huanxin.errors import RejectedError, UnavailableError
from ingest.accept import Intake, owned
from ingest.gateway.access import Access
from ingest.gateway.answers import EventResult, Problem, Receipt, Results
from ingest.gateway.body import BATCH, LINES, SINGLE, Events, media_type, parse, read_body
from ingest.gateway.metrics import EVENTS, REQUESTS_UNDER_WAY
from ingest.sources import Source
from schemas.identity import EventId
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.receipts import find

MAX_UNDER_WAY = 32
"""Requests that may wait for Kafka at once; more are asked to come back, so that memory stays bounded. Fewer than the thread
pool's 40 threads: readiness still answers while Kafka does not."""

REFUSALS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (401, 403, 413, 415, 422, 429, 503)}
_BODY = {"requestBody": {"required": True, "content": {media: {"schema": {}} for media in (SINGLE, BATCH, *LINES)}}}


def create_gateway(intake: Intake, access: Access, client: Any) -> FastAPI:
    """Build the ASGI application. `client` is a ClickHouse client for receipts; its calls are serialised."""
    app = FastAPI(title="huanxin gateway", version="1", description="CloudEvents 1.0 in; one result per event out.")
    one = CapacityLimiter(1)  # a client is not thread-safe; waiting here holds no thread, however slow the store is
    Asking = Annotated[Source, Depends(access.source)]  # noqa: N806  a type

    @app.post("/v1/events", status_code=202, responses=REFUSALS, openapi_extra=_BODY)
    async def post_events(request: Request, source: Asking) -> Results:
        """Send one event, a batch or JSON Lines; each event is judged by itself."""
        media = media_type(request)
        if REQUESTS_UNDER_WAY._value.get() >= MAX_UNDER_WAY:
            raise HTTPException(429, "too many requests at once; try again", {"Retry-After": "1"})
        with REQUESTS_UNDER_WAY.track_inprogress():
            body = await read_body(request)
            try:
                return await run_in_threadpool(_accept, intake, source, media, body)
            except UnavailableError as error:
                raise HTTPException(503, f"{error}", {"Retry-After": "5"}) from error

    @app.get("/v1/receipts/{event_id}", responses={404: {"model": Problem}, **{c: REFUSALS[c] for c in (401, 422, 503)}})
    async def get_receipt(event_id: str, source: Asking) -> Receipt:
        """What became of an accepted event of yours; 404 while it is still under way."""
        try:
            parsed = EventId.parse(event_id)
        except (ValueError, OverflowError) as error:
            raise HTTPException(422, "not an event id as the gateway gives them") from error
        try:
            found = await to_thread.run_sync(find, client, parsed, source.id, limiter=one)
        except CLICKHOUSE_ERRORS as error:
            raise HTTPException(503, "the store does not answer; try again", {"Retry-After": "5"}) from error
        if found is None:
            raise HTTPException(404, "no such event of yours has been landed yet; ask again in a few seconds")
        why = {name: getattr(found, name) or None for name in ("reason", "field", "message")}
        return Receipt(id=event_id, status=found.status, type=found.type, received_at=found.received_at, **why)

    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """The process answers."""
        return "ok"

    @app.get("/readyz", response_class=PlainTextResponse, responses={503: {"model": Problem}})
    def readyz() -> str:
        """Kafka is reached."""
        if not intake.publisher.ready():
            raise HTTPException(503, "Kafka does not answer", {"Retry-After": "5"})
        return "ready"

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> PlainTextResponse:
        """Prometheus metrics."""
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def _accept(intake: Intake, source: Source, media: str, body: bytes) -> Results:
    events = [owned(event, source) for event in parse(media, body)]
    _refuse_foreign(events)
    results = [
        EventResult(index=i, status=r.status, id=r.event_id, reason=r.reason, field=r.field, message=r.message)
        for i, r in enumerate(intake.accept(events))
    ]
    counts = Counter(result.status for result in results)
    for status, count in counts.items():
        EVENTS.labels(source.id, status).inc(count)
    return Results(accepted=counts["accepted"], duplicate=counts["duplicate"], rejected=counts["rejected"], results=results)


def _refuse_foreign(events: Events) -> None:
    foreign = [
        event for event in events if isinstance(event, RejectedError) and event.reason in ("foreign_source", "type_not_allowed")
    ]
    if len(foreign) == len(events):
        raise HTTPException(403, foreign[0].message)
