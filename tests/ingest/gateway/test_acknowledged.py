"""Kafka away or slow: nothing is called accepted too early, and waiting is bounded."""

import asyncio

import httpx

from ingest.fakes import FakePublisher
from ingest.gateway.admission import Admission
from ingest.gateway.body import BATCH
from tests.ingest.gateway.asking import BEARER, counts, post
from tests.ingest.samples import document, prepared, ticket


async def test_without_kafka_it_is_503_and_never_202(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert counts(await post(client, ticket(1))) == (1, 0, 0)
    publisher.available = False
    for body in ([ticket(2)], [ticket(1), ticket(2)], [ticket(2, pieces=-1), ticket(2)]):
        answer = await post(client, body, BATCH)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    publisher.available = True
    assert counts(await post(client, ticket(2))) == (1, 0, 0), "what was not acknowledged is no duplicate"


async def test_nothing_is_accepted_before_kafka_has_acknowledged(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    publisher.acknowledging.clear()
    request = asyncio.create_task(post(client, document()))
    done, _ = await asyncio.wait([request], timeout=0.2)
    assert not done
    publisher.acknowledging.set()
    assert counts(await request) == (1, 0, 0)


async def test_while_kafka_is_slow_the_rest_is_asked_to_come_back(
    client: httpx.AsyncClient, publisher: FakePublisher, admission: Admission
) -> None:
    """At the bound further requests are refused at once, and health and receipts do not queue behind the waiting ones."""
    publisher.acknowledging.clear()
    waiting = [asyncio.create_task(post(client, ticket(n))) for n in range(admission.max_requests)]
    while admission.requests < admission.max_requests:  # noqa: ASYNC110  a number cannot be awaited
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(5):
            more = await asyncio.gather(*(post(client, ticket(1000 + n)) for n in range(50)))
            assert {(answer.status_code, answer.headers["Retry-After"]) for answer in more} == {(429, "1")}
            for path in ("/healthz", "/readyz", "/metrics"):
                assert (await client.get(path)).status_code == 200
            assert (await client.get(f"/v1/receipts/{prepared(1).event_id}", headers=BEARER)).status_code == 404
    finally:
        publisher.acknowledging.set()
    assert [counts(answer) for answer in await asyncio.gather(*waiting)] == [(1, 0, 0)] * admission.max_requests
    assert counts(await post(client, ticket(1000))) == (1, 0, 0)
    assert (admission.requests, admission.bytes) == (0, 0)
