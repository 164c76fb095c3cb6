"""For those who run the gateway, and those who read its document."""

import httpx

from ingest.fakes import FakePublisher


async def test_health(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert (await client.get("/readyz")).status_code == 200
    publisher.available = False
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200
    assert "huanxin_gateway_events_total" in (await client.get("/metrics")).text
