"""Signed requests: whoever holds the key may send once; a changed, late or repeated request opens nothing."""

import hashlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway import signature as signing
from ingest.gateway.access import Access
from ingest.gateway.app import create_gateway
from ingest.gateway.body import SINGLE
from ingest.gateway.nonces import KEEP_SECONDS, Nonces
from ingest.gateway.signature import WINDOW_SECONDS, Signature, authorization
from ingest.sources import sources
from tests.ingest.samples import WEIGHBRIDGE, intake, ticket

KEY = "key-of-the-weighbridge"
BODY = json.dumps(ticket(1)).encode()
EXAMPLE = "4d94474304c2aa365db8e6d4524196121d9ffa6f3178feecbf2dabf0d217e212"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_gateway(intake(FakePublisher()), Access(sources(), {WEIGHBRIDGE.id: KEY}), None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found


def signed(key: str = KEY, method: str = "POST", target: str = "/v1/events", content: bytes = BODY, **changes: str) -> str:
    """The header of a signed request, some of its parts replaced afterwards."""
    scheme, _, parts = authorization(WEIGHBRIDGE.id, key, method, target, content).partition(" ")
    found = dict(part.strip().split("=", 1) for part in parts.split(",")) | changes
    return f"{scheme} " + ", ".join(f"{name}={value}" for name, value in found.items())


async def post(client: httpx.AsyncClient, header: str, body: bytes = BODY, path: str = "/v1/events") -> tuple[int, str]:
    """Status, and reason of a refusal."""
    answer = await client.post(path, content=body, headers={"Authorization": header, "Content-Type": SINGLE})
    return answer.status_code, answer.json().get("reason", "")


async def test_a_signed_request_is_taken_once(client: httpx.AsyncClient) -> None:
    header = signed()
    assert await post(client, header) == (202, "")
    assert await post(client, header) == (401, "replayed")
    assert await post(client, signed()) == (202, "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": "another key"}, "wrong_signature"),
        ({"method": "GET"}, "wrong_signature"),
        ({"target": "/v1/events?dry=1"}, "wrong_signature"),
        ({"nonce": "0" * 32}, "wrong_signature"),
        ({"body": hashlib.sha256(b"other").hexdigest()}, "wrong_signature"),
        ({"source": "shop.appliance"}, "wrong_signature"),
        ({"source": "no.such.source"}, "wrong_signature"),
        ({"nonce": "short"}, "malformed_signature"),
        ({"timestamp": "soon"}, "malformed_signature"),
        ({"signature": "00"}, "malformed_signature"),
        ({"extra": "1"}, "malformed_signature"),
    ],
)
async def test_what_opens_nothing(client: httpx.AsyncClient, changes: dict[str, str], reason: str) -> None:
    assert await post(client, signed(**changes)) == (401, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize("header", ["HMAC-SHA256", "HMAC-SHA256 source=a,source=a", "HMAC-SHA256 é=é"])
async def test_what_is_no_signature(client: httpx.AsyncClient, header: str) -> None:
    headers = [(b"authorization", header.encode("latin-1")), (b"content-type", SINGLE.encode())]
    answer = await client.post("/v1/events", content=BODY, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (401, "malformed_signature")


async def test_another_body_than_the_signed_one(client: httpx.AsyncClient) -> None:
    assert await post(client, signed(), BODY + b" ") == (401, "body_mismatch")


@pytest.mark.parametrize("shift", [-WINDOW_SECONDS - 5, WINDOW_SECONDS + 5])
async def test_a_clock_that_is_off(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, shift: int) -> None:
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: now + shift)
        header = signed()
    assert await post(client, header) == (401, "stale_signature")


async def test_a_signed_get(client: httpx.AsyncClient) -> None:
    header = {"Authorization": signed(method="GET", target="/v1/receipts/x", content=b"")}
    assert (await client.get("/v1/receipts/x", headers=header)).status_code == 422
    assert (await client.get("/v1/receipts/x", headers=header)).status_code == 401


def test_processes_share_what_was_used(tmp_path: Path) -> None:
    one, other = Nonces(tmp_path / "nonces.sqlite"), Nonces(tmp_path / "nonces.sqlite")
    assert one.is_new("a", "n1")
    assert not other.is_new("a", "n1")
    assert other.is_new("b", "n1")
    assert not Nonces(tmp_path / "nonces.sqlite").is_new("b", "n1"), "a restart does not forget"


def test_old_nonces_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    nonces, now = Nonces(), time.time()
    assert nonces.is_new("a", "n1")
    monkeypatch.setattr(time, "time", lambda: now + KEEP_SECONDS + 1)
    assert nonces.is_new("a", "n2")
    assert nonces.is_new("a", "n1"), "no signature this old is current any more"
    assert KEEP_SECONDS > 2 * WINDOW_SECONDS


def test_the_documented_example() -> None:
    """The figures of the guide for source systems: whoever implements the signature can check theirs against it."""
    digest = hashlib.sha256(b"{}").hexdigest()
    example = Signature("recycler.weighbridge", 1_430_000_000, "0123456789abcdef", digest, EXAMPLE)
    assert example.is_made_with(b"secret", "POST", "/v1/events")
