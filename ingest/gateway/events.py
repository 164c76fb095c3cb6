"""POST /v1/events. An event is answered `accepted` only once Kafka has acknowledged it.

All runs on the process's event loop; a batch gives way to other requests every few hundred events. That needs no thread, and of
what is large only one exists at a time. Requests of one event go together (`together`).
"""

import asyncio
import time
from collections.abc import Sequence
from functools import cache

from fastapi import FastAPI, Request, Response
from prometheus_client import Counter
from pydantic_core import to_json

from huanxin.errors import RejectedError, UnavailableError
from ingest.accept import Intake, Result, owned, read_envelopes
from ingest.files.reasons import row_reason
from ingest.gateway.access import Access
from ingest.gateway.acknowledged import Acknowledgements
from ingest.gateway.admission import Admission
from ingest.gateway.answers import Results, refusals
from ingest.gateway.body import SINGLE, media_type, parse, read_body
from ingest.gateway.direct import Direct
from ingest.gateway.metrics import EVENTS, SECONDS
from ingest.gateway.openapi import EVENTS_BODY, SECURITY
from ingest.gateway.rates import Rates
from ingest.gateway.refusal import Refusal, later
from ingest.gateway.together import Together
from ingest.prepare import Outcome
from ingest.sources import Source

AT_ONCE = 250
"""Events judged before other requests get their turn, some ten milliseconds."""
NO_DATA = (("data", "missing"), ("data", "dict_type"))
FOREIGN = ("foreign_source", "type_not_allowed")


def add_events(
    app: FastAPI, intake: Intake, access: Access, admission: Admission, rates: Rates, acknowledgements: Acknowledgements
) -> None:
    """Add the route that takes events in."""
    together = Together(intake, acknowledgements)

    async def post_events(request: Request) -> Response:
        """Send one event, a batch or JSON Lines, gzip or not; each event is judged by itself."""
        started = time.monotonic()
        claim = access.claim(request)
        media = media_type(request)
        with admission.place() as place:
            body = await read_body(request, place, signed=claim.body is not None)
            claim.confirm(body.digest)
            documents = parse(media, body.content)
            del body
            rates.take(claim.source, len(documents))
            try:
                if media == SINGLE:
                    outcome, result = await together.take(claim.source, documents[0])
                    _refuse_whole([outcome], media, claim.source)
                    results = [result]
                else:
                    outcomes = await _judge(intake, claim.source, documents)
                    _refuse_whole(outcomes, media, claim.source)
                    del documents
                    sending = intake.send(outcomes)
                    await acknowledgements.of(sending.acknowledged)
                    results = sending.results()
            except UnavailableError as error:
                raise later(503, "kafka_unavailable", "Kafka 暂不可用,本次请求未被接收;请稍后原样重发", 5) from error
            answer = _answer(claim.source, results)
        SECONDS.observe(time.monotonic() - started)
        return answer

    app.router.add_api_route(
        "/v1/events",
        post_events,
        methods=["POST"],
        status_code=202,
        response_class=Response,
        responses={202: {"model": Results}, **refusals(400, 401, 403, 408, 413, 415, 422, 429, 503)},
        openapi_extra={**EVENTS_BODY, **SECURITY},
        route_class_override=Direct,
    )
    app.router.routes.insert(0, app.router.routes.pop())  # nearly every request is for it: the first that is tried


async def _judge(intake: Intake, source: Source, documents: Sequence[object]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for start in range(0, len(documents), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        envelopes = read_envelopes(documents[start : start + AT_ONCE])
        outcomes += intake.preparer.prepare_many([owned(envelope, source) for envelope in envelopes])
    return outcomes


def _refuse_whole(outcomes: Sequence[Outcome], media: str, source: Source) -> None:
    """403 where nothing in the request is the source's to send; 422 where a request of one event holds none."""
    first = outcomes[0]
    if not isinstance(first, RejectedError):
        return
    if first.reason in FOREIGN and all(isinstance(o, RejectedError) and o.reason in FOREIGN for o in outcomes):
        raise Refusal(
            403, first.reason, f"该密钥属于 {source.id},只能发送该来源自己的 {'、'.join(source.event_types)} 事件", first.field
        )
    if media == SINGLE and (first.stage != "data" or (first.field, first.reason) in NO_DATA):
        raise Refusal(422, first.reason, f"正文不是有效的事件:{row_reason(first.reason, first.field, source)}", first.field)


def _why(result: Result, source: Source) -> str | None:
    """In Chinese, without the value: it may be personal."""
    return None if result.reason is None else row_reason(result.reason, result.field or "", source)


def _answer(source: Source, results: Sequence[Result]) -> Response:
    counts = dict.fromkeys(("accepted", "duplicate", "rejected"), 0)
    for result in results:
        counts[result.status] += 1
    for status, count in counts.items():
        if count:
            _counter(source.id, status).inc(count)
    rows = [
        {"index": i, "status": r.status, "id": r.event_id, "reason": r.reason, "field": r.field, "message": _why(r, source)}
        for i, r in enumerate(results)
    ]
    return Response(to_json({**counts, "results": rows}), 202, media_type="application/json")


@cache
def _counter(source: str, status: str) -> Counter:
    return EVENTS.labels(source, status)
