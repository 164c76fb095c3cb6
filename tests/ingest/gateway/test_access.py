"""Who may ask: without a known key nothing is read."""

import httpx
import pytest
from fastapi import Request

from ingest.fakes import FakePublisher
from ingest.gateway.access import Access
from ingest.gateway.body import SINGLE
from ingest.gateway.refusal import Refusal
from ingest.sources import sources


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic key-of-the-weighbridge", "key-of-the-weighbridge", "Bearer é"],
)
async def test_without_a_key_nothing_is_read(client: httpx.AsyncClient, publisher: FakePublisher, header: str) -> None:
    headers = [(b"authorization", header.encode("latin-1"))] if header else []
    for request in (
        client.build_request("POST", "/v1/events", content=b"{", headers=[*headers, (b"content-type", SINGLE.encode())]),
        client.build_request("GET", "/v1/receipts/x", headers=headers),
    ):
        answer = await client.send(request)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer, HMAC-SHA256")
    assert publisher.held == []


def test_an_empty_key_or_an_unregistered_source_opens_nothing() -> None:
    access = Access(sources(), {"recycler.weighbridge": "", "no.such.source": "key"})
    for given in ("", "key"):
        request = Request({"type": "http", "headers": [(b"authorization", f"Bearer {given}".encode())]})
        with pytest.raises(Refusal, match="密钥"):
            access.claim(request)
