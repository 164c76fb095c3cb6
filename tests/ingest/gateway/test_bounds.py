"""What a request may cost: packed bodies, rates, slow senders, and the bytes that a process holds at once."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway import body as bodies
from ingest.gateway.access import Access
from ingest.gateway.admission import Admission
from ingest.gateway.app import create_gateway
from ingest.gateway.body import BATCH, MAX_BYTES, SINGLE
from ingest.gateway.rates import Rates
from ingest.gateway.refusal import Refusal
from ingest.sources import Source, sources
from tests.ingest.samples import WEIGHBRIDGE, intake, ticket

HEADERS = {"Authorization": "Bearer key", "Content-Encoding": "gzip", "Content-Type": SINGLE}
ONE = json.dumps(ticket(1)).encode()


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def admission() -> Admission:
    return Admission(max_bytes=3 * MAX_BYTES)


@pytest.fixture
async def client(publisher: FakePublisher, admission: Admission) -> AsyncIterator[httpx.AsyncClient]:
    app = create_gateway(intake(publisher), Access(sources(), {WEIGHBRIDGE.id: "key"}), None, admission)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found


async def post(client: httpx.AsyncClient, content: Any, **headers: str) -> tuple[int, str]:
    """Status, and reason of a refusal."""
    answer = await client.post("/v1/events", content=content, headers={**HEADERS, **headers})
    return answer.status_code, answer.json().get("reason", "")


async def test_gzip(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert await post(client, gzip.compress(ONE)) == (202, "")
    batch = json.dumps([ticket(n) for n in range(2, 1002)]).encode()
    assert await post(client, gzip.compress(batch), **{"Content-Type": BATCH}) == (202, "")
    assert len(publisher.held) == 1001


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "gzip_invalid"),
        (ONE, "gzip_invalid"),
        (gzip.compress(ONE)[:-4], "gzip_invalid"),
        (gzip.compress(ONE) + b"more", "gzip_invalid"),
        (zlib.compress(ONE), "gzip_invalid"),
        (gzip.compress(b"{"), "json_invalid"),
    ],
)
async def test_what_is_no_gzip(client: httpx.AsyncClient, content: bytes, reason: str) -> None:
    assert await post(client, content) == (422, reason)
    if len(content) > 30:
        assert await post(client, parts(content, 30)) == (422, reason), "whatever packets it comes in"


async def parts(content: bytes, size: int) -> AsyncIterator[bytes]:
    """The content in pieces."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_bomb_is_unpacked_to_the_bound_and_no_further(client: httpx.AsyncClient, admission: Admission) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 300_000
    assert await post(client, bomb) == (413, "too_large")
    assert admission.bytes == 0


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
async def test_another_encoding(client: httpx.AsyncClient, encoding: str) -> None:
    assert await post(client, ONE, **{"Content-Encoding": encoding}) == (415, "content_encoding")


async def test_a_slow_sender_does_not_keep_its_place(
    client: httpx.AsyncClient, admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "READ_SECONDS", 0.1)

    async def slow() -> AsyncIterator[bytes]:
        yield ONE[:10]
        await asyncio.sleep(5)
        yield ONE[10:]

    assert await post(client, slow(), **{"Content-Encoding": "identity"}) == (408, "too_slow")
    assert admission.requests == 0


async def test_a_process_holds_so_many_bytes_and_no_more(
    client: httpx.AsyncClient, publisher: FakePublisher, admission: Admission
) -> None:
    publisher.acknowledging.clear()
    large = ONE.ljust(MAX_BYTES)
    plain = {"Content-Encoding": "identity"}
    waiting = [asyncio.create_task(post(client, large, **plain)) for _ in range(3)]
    while admission.bytes < 3 * MAX_BYTES:  # noqa: ASYNC110  a number cannot be awaited
        await asyncio.sleep(0.01)
    assert await post(client, ONE, **plain) == (429, "busy")
    publisher.acknowledging.set()
    assert {status for status, _ in await asyncio.gather(*waiting)} == {202}
    assert (admission.requests, admission.bytes) == (0, 0)


def limited(rate: str) -> Source:
    """The weighbridge with a rate."""
    return WEIGHBRIDGE.model_copy(update={"rate": rate})


def test_a_rate_counts_events() -> None:
    rates, source = Rates(), limited("10/minute")
    for _ in range(5):
        rates.take(source, 2)
    with pytest.raises(Refusal) as caught:
        rates.take(source, 1)
    assert (caught.value.status_code, caught.value.reason) == (429, "rate_limited")
    assert caught.value.headers is not None
    assert 1 <= int(caught.value.headers["Retry-After"]) <= 60
    rates.take(sources()["coop.weighbridge"], 1)


def test_a_high_rate_is_counted_as_exactly_as_a_low_one() -> None:
    rates, source = Rates(), limited("1000/hour")
    for _ in range(1000):
        rates.take(source, 1)
    with pytest.raises(Refusal):
        rates.take(source, 1)


def test_a_batch_above_the_rate_passes_when_nothing_else_did() -> None:
    rates, source = Rates(), limited("100/hour")
    rates.take(source, 5000)
    with pytest.raises(Refusal):
        rates.take(source, 1)


def test_a_rate_is_checked_when_sources_are_read() -> None:
    with pytest.raises(ValueError, match="rate"):
        Source.model_validate({**WEIGHBRIDGE.model_dump(), "rate": "many"})
