"""What became of an accepted event."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from tests.ingest.gateway.asking import BEARER, counts, post
from tests.ingest.gateway.conftest import FakeClickHouse
from tests.ingest.samples import envelope, prepared, ticket


async def test_a_receipt(client: httpx.AsyncClient, store: FakeClickHouse) -> None:
    event_id = str(prepared(1).event_id)
    assert (await client.get(f"/v1/receipts/{event_id}", headers=BEARER)).status_code == 404
    store.landed = [(envelope(ticket(1)).type, datetime(2024, 5, 3, tzinfo=UTC))]
    answer = await client.get(f"/v1/receipts/{event_id}", headers=BEARER)
    assert answer.status_code == 200
    assert answer.json() | {"received_at": ""} == {
        **dict.fromkeys(("reason", "field", "message")),
        "id": event_id,
        "status": "stored",
        "type": "recycling.weighed",
        "received_at": "",
    }
    store.available = False
    assert (await client.get(f"/v1/receipts/{event_id}", headers=BEARER)).status_code == 503


async def test_a_slow_store_holds_up_receipts_alone(client: httpx.AsyncClient, store: FakeClickHouse) -> None:
    store.answering.clear()
    path = f"/v1/receipts/{prepared(1).event_id}"
    waiting = [asyncio.create_task(client.get(path, headers=BEARER)) for _ in range(100)]
    await asyncio.sleep(0.1)
    try:
        async with asyncio.timeout(5):
            assert counts(await post(client, ticket(1))) == (1, 0, 0)
            assert (await client.get("/readyz")).status_code == 200
    finally:
        store.answering.set()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {404}


@pytest.mark.parametrize("event_id", ["x", "20240502-00-1", "20240502-2d5df985e7a0c99088987d01d694b578-0", "1-2-3-4"])
async def test_what_is_no_event_id(client: httpx.AsyncClient, event_id: str) -> None:
    assert (await client.get(f"/v1/receipts/{event_id}", headers=BEARER)).status_code == 422


async def test_an_event_of_a_day_that_no_calendar_has_was_never_landed(client: httpx.AsyncClient) -> None:
    path = "/v1/receipts/20241350-2d5df985e7a0c99088987d01d694b578-1"
    assert (await client.get(path, headers=BEARER)).status_code == 404
