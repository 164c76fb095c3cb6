"""Requests that arrive together: each is answered for its own event, whatever its neighbours are."""

import asyncio

import httpx

from ingest.fakes import FakePublisher
from tests.ingest.gateway.asking import counts, post
from tests.ingest.samples import document, ticket


async def test_each_gets_the_answer_to_its_own(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    bodies = [ticket(1), ticket(2, pieces=-1), ticket(3), document(source="coop.weighbridge"), ["no event"], ticket(1)]
    answers = await asyncio.gather(*(post(client, body) for body in bodies))
    assert [answer.status_code for answer in answers] == [202, 202, 202, 403, 422, 202]
    assert [counts(answers[n]) for n in (0, 1, 2, 5)] == [(1, 0, 0), (0, 0, 1), (1, 0, 0), (0, 1, 0)]
    assert [answers[n].json()["results"][0]["id"] for n in (0, 2)] == [str(event.event_id) for event in publisher.held]


async def test_without_kafka_only_what_needs_it_is_refused(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    publisher.available = False
    answers = await asyncio.gather(*(post(client, body) for body in (ticket(1), ticket(2, pieces=-1), ticket(3))))
    assert [answer.status_code for answer in answers] == [503, 202, 503]
    publisher.available = True
    assert counts(await post(client, ticket(1))) == (1, 0, 0), "what was not acknowledged is no duplicate"


async def test_a_client_that_leaves_takes_no_other_with_it(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    publisher.acknowledging.clear()
    requests = [asyncio.create_task(post(client, ticket(number))) for number in range(3)]
    await asyncio.sleep(0.1)
    requests[1].cancel()
    await asyncio.sleep(0.01)
    publisher.acknowledging.set()
    answers = await asyncio.gather(*requests, return_exceptions=True)
    assert isinstance(answers[1], asyncio.CancelledError)
    assert [counts(answers[n]) for n in (0, 2)] == [(1, 0, 0)] * 2
    assert counts(await post(client, ticket(1))) == (0, 1, 0), "what left had been accepted all the same"
