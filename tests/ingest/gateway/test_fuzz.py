"""Over a thousand malformed requests: each is refused with a typed reason, none is accepted, and none is a fault of ours."""

import json
import re
from collections import Counter

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway.access import Access
from ingest.gateway.app import create_gateway
from ingest.gateway.body import SINGLE
from ingest.sources import sources
from schemas.catalogue import event_types, example
from tests.ingest.fuzz import Malformed, corpus
from tests.ingest.samples import intake

KEYS = {source_id: f"key-of-{source_id}" for source_id in sources()}
TYPED = re.compile(r"[a-z][a-z_0-9]*")
CHINESE = re.compile(r"[\u4e00-\u9fa5]")


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def gateway(publisher: FakePublisher) -> httpx.AsyncClient:
    app = create_gateway(intake(publisher), Access(sources(), KEYS), None)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=True), base_url="http://gateway")


def test_the_corpus_is_large_and_the_same_every_time() -> None:
    found = corpus()
    assert len(found) >= 500
    assert [*map(repr, found)] == [*map(repr, corpus())]
    assert [name for name, count in Counter(each.name for each in found).items() if count > 1] == []


async def test_what_the_corpus_breaks_is_whole(gateway: httpx.AsyncClient) -> None:
    """Otherwise each of its requests could be refused for a reason that is not its own."""
    for event_type in event_types():
        answer = await send(gateway, Malformed("", event_type, SINGLE, json.dumps(example(event_type)).encode(), {}))
        assert answer.json()["accepted"] == 1


async def test_all_of_it_is_refused_with_a_reason(gateway: httpx.AsyncClient, publisher: FakePublisher) -> None:
    statuses: Counter[int] = Counter()
    for malformed in corpus():
        answer = await send(gateway, malformed)
        statuses[answer.status_code] += 1
        assert answer.status_code in (202, 403, 413, 415, 422), f"{malformed.name}: {answer.status_code} {answer.text[:200]}"
        body = answer.json()
        if answer.status_code == 202:
            assert (body["accepted"], body["duplicate"]) == (0, 0), f"{malformed.name} was accepted"
            told = [(result["reason"], result["message"]) for result in body["results"]]
        else:
            told = [(body["reason"], body["detail"])]
        for reason, message in told:
            assert TYPED.fullmatch(reason), f"{malformed.name}: {reason}"
            assert CHINESE.search(message), f"{malformed.name}: {message}"
    assert publisher.held == []
    assert min(statuses[status] for status in (202, 403, 415, 422)) > 20, statuses


async def send(gateway: httpx.AsyncClient, malformed: Malformed) -> httpx.Response:
    """Post it with the key of the source that its example is of."""
    headers = {"Authorization": f"Bearer {KEYS[example(malformed.event_type)['source']]}"}
    headers |= {"Content-Type": malformed.media} | malformed.headers
    return await gateway.post("/v1/events", content=malformed.body, headers=headers)
