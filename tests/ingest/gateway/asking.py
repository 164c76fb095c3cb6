"""How tests ask the gateway, and read what it answers."""

import json
from typing import Any

import httpx

from ingest.gateway.body import SINGLE

KEYS = {"recycler.weighbridge": "key-of-the-weighbridge", "shop.appliance": "key-of-the-shop"}
BEARER = {"Authorization": f"Bearer {KEYS['recycler.weighbridge']}"}


async def post(client: httpx.AsyncClient, body: bytes | Any, media: str = SINGLE, **headers: str) -> httpx.Response:
    """Send bytes, or a document as JSON, as the weighbridge does."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post("/v1/events", content=content, headers={**BEARER, "Content-Type": media, **headers})


def counts(answer: httpx.Response) -> tuple[int, int, int]:
    """Accepted, duplicate, rejected of a 202."""
    assert answer.status_code == 202, answer.text
    body = answer.json()
    statuses = [result["status"] for result in body["results"]]
    found = (body["accepted"], body["duplicate"], body["rejected"])
    assert found == tuple(statuses.count(status) for status in ("accepted", "duplicate", "rejected"))
    assert [result["index"] for result in body["results"]] == list(range(len(statuses)))
    return found


def lines(*documents: Any) -> bytes:
    """JSON Lines."""
    return b"\n".join(json.dumps(found).encode() for found in documents)
