"""POST /v1/heartbeat."""

import httpx

from ingest.fakes import FakePublisher
from tests.ingest.gateway.asking import BEARER


async def test_a_system_calls(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert (await client.post("/v1/heartbeat")).status_code == 401
    answer = await client.post("/v1/heartbeat", headers=BEARER)
    assert (answer.status_code, answer.json()["source"]) == (202, "recycler.weighbridge")
    assert [(beat.source, beat.surface) for beat in publisher.held] == [("recycler.weighbridge", "http")]
    publisher.available = False
    refused = await client.post("/v1/heartbeat", headers=BEARER)
    assert (refused.status_code, refused.json()["reason"]) == (503, "kafka_unavailable")
    assert len(publisher.held) == 1
