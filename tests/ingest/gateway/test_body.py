"""Bodies that are refused as a whole: of another kind, unreadable or too large."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway.body import BATCH, LINES, MAX_BYTES, MAX_EVENTS, SINGLE
from tests.ingest.gateway.asking import BEARER, counts, post
from tests.ingest.samples import document


@pytest.mark.parametrize("media", ["", "application/json", "text/csv", f"{SINGLE}x"])
async def test_another_media_type(client: httpx.AsyncClient, media: str) -> None:
    assert (await post(client, document(), media)).status_code == 415


@pytest.mark.parametrize(
    ("media", "body"),
    [
        (SINGLE, b""),
        (SINGLE, b"{"),
        (SINGLE, b"\xff\xfe"),
        (BATCH, b""),
        (BATCH, b"{}"),
        (BATCH, b"[]"),
        (BATCH, b"[" * 100_000),
        (LINES[0], b""),
        (LINES[0], b"\n \n"),
    ],
)
async def test_a_body_that_cannot_be_read(client: httpx.AsyncClient, media: str, body: bytes) -> None:
    answer = await post(client, body, media)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize("depth", range(100, 1100, 50))
async def test_deep_nesting_is_no_fault_of_ours(client: httpx.AsyncClient, depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    assert (await post(client, b'[{"data": ' + nested + b"}]", BATCH)).status_code in (202, 422)


async def test_too_many_events(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    wrong = json.dumps({"specversion": "1.0"}).encode()
    for media, body in (
        (LINES[0], b"\n".join([wrong] * (MAX_EVENTS + 1))),
        (BATCH, b"[%s]" % b",".join([wrong] * (MAX_EVENTS + 1))),
    ):
        assert (await post(client, body, media)).status_code == 413
    assert counts(await post(client, b"\n".join([wrong] * MAX_EVENTS), LINES[0])) == (0, 0, MAX_EVENTS)


async def test_too_many_bytes(client: httpx.AsyncClient) -> None:
    assert (await post(client, b" " * (MAX_BYTES + 1))).status_code == 413
    assert (await post(client, json.dumps(document()).encode().ljust(MAX_BYTES))).status_code == 202


async def test_too_many_bytes_without_a_length(client: httpx.AsyncClient) -> None:
    """A chunked body has no length: reading stops at the bound, however much would still come."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 4 * MAX_BYTES:
            sent += 1 << 20
            yield b" " * (1 << 20)

    answer = await client.post("/v1/events", content=endless(), headers={**BEARER, "Content-Type": SINGLE})
    assert answer.status_code == 413
