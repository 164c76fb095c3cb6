"""The HTTP gateway over ASGI, on a fake publisher: what it answers, and that it never says accepted too early."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway.access import Access
from ingest.gateway.admission import Admission
from ingest.gateway.app import create_gateway
from ingest.gateway.body import BATCH, LINES, MAX_BYTES, MAX_EVENTS, SINGLE
from ingest.sources import sources
from tests.ingest.samples import document, envelope, intake, prepared, ticket

KEYS = {"recycler.weighbridge": "key-of-the-weighbridge", "shop.appliance": "key-of-the-shop"}
BEARER = {"Authorization": f"Bearer {KEYS['recycler.weighbridge']}"}


class FakeClickHouse:
    """Answers every query with the rows it was given, or with an outage."""

    def __init__(self) -> None:
        self.landed: list[tuple[Any, ...]] = []
        self.available = True
        self.answering = threading.Event()
        self.answering.set()
        self.asking = 0

    def execute(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        """Landed rows for the look-up in the landing tables, none for the one among dead letters; never two at once."""
        self.asking += 1
        assert self.asking == 1, "a ClickHouse client is not thread-safe"
        self.answering.wait()
        self.asking -= 1
        if not self.available:
            raise ConnectionRefusedError
        return [] if "dead_letter" in query else self.landed


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def store() -> FakeClickHouse:
    return FakeClickHouse()


@pytest.fixture
def admission() -> Admission:
    return Admission(max_requests=64)


@pytest.fixture
async def client(publisher: FakePublisher, store: FakeClickHouse, admission: Admission) -> AsyncIterator[httpx.AsyncClient]:
    app = create_gateway(intake(publisher), Access(sources(), KEYS), store, admission)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found


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


async def test_one_event(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    answer = await post(client, document())
    assert counts(answer) == (1, 0, 0)
    assert answer.json()["results"][0]["id"] == str(publisher.held[0].event_id)


@pytest.mark.parametrize("media", [BATCH, f"{BATCH}; charset=utf-8", BATCH.upper()])
async def test_a_batch(client: httpx.AsyncClient, publisher: FakePublisher, media: str) -> None:
    assert counts(await post(client, [ticket(1), ticket(2)], media)) == (2, 0, 0)
    assert len(publisher.held) == 2


@pytest.mark.parametrize("media", LINES)
async def test_json_lines(client: httpx.AsyncClient, media: str) -> None:
    assert counts(await post(client, lines(ticket(1), ticket(2)) + b"\r\n\r\n", media)) == (2, 0, 0)


async def test_each_event_of_a_mixed_batch_is_judged_by_itself(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    foreign = document(source="coop.weighbridge")
    answer = await post(client, [ticket(1), ticket(2, pieces=-1), ticket(1), {"a": 1}, foreign, 7], BATCH)
    assert counts(answer) == (1, 1, 4)
    results = answer.json()["results"]
    assert [result["reason"] for result in results[3:5]] == ["missing", "foreign_source"]
    assert (results[1]["field"], results[1]["id"]) == ("data.pieces", None)
    assert results[2]["id"] == results[0]["id"]
    assert len(publisher.held) == 1


async def test_a_bad_line_leaves_its_neighbours_alone(client: httpx.AsyncClient) -> None:
    body = b"\n".join([lines(ticket(1)), b"{", b"\xff", lines(ticket(2))])
    assert counts(await post(client, body, LINES[0])) == (2, 0, 2)


async def test_an_impossible_day_is_a_rejection_like_any_other(client: httpx.AsyncClient) -> None:
    wrong = ticket(2, out_at="0999-05-02T11:33:39+08:00")
    assert counts(await post(client, [ticket(1), wrong], BATCH)) == (1, 0, 1)


async def test_a_resend_is_a_duplicate_across_requests(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert counts(await post(client, document())) == (1, 0, 0)
    assert counts(await post(client, [document(), ticket(1)], BATCH)) == (1, 1, 0)
    assert len(publisher.held) == 2


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
    assert access._keys == []


@pytest.mark.parametrize("changes", [{"source": "coop.weighbridge"}, {"type": "subsidy.paid"}])
async def test_a_source_may_send_only_its_own(client: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    assert (await post(client, document(**changes))).status_code == 403
    assert (await post(client, [document(**changes)] * 2, BATCH)).status_code == 403


async def test_another_sources_key_is_no_key_for_this_one(client: httpx.AsyncClient) -> None:
    assert (await post(client, document(), Authorization=f"Bearer {KEYS['shop.appliance']}")).status_code == 403


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


async def test_without_kafka_it_is_503_and_never_202(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert counts(await post(client, ticket(1))) == (1, 0, 0)
    publisher.available = False
    for body in ([ticket(2)], [ticket(1), ticket(2)], [ticket(2, pieces=-1), ticket(2)]):
        answer = await post(client, body, BATCH)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    publisher.available = True
    assert counts(await post(client, ticket(2))) == (1, 0, 0), "what was not acknowledged is no duplicate"


async def test_nothing_is_accepted_before_kafka_has_acknowledged(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    publisher.acknowledging.clear()
    request = asyncio.create_task(post(client, document()))
    done, _ = await asyncio.wait([request], timeout=0.2)
    assert not done
    publisher.acknowledging.set()
    assert counts(await request) == (1, 0, 0)


async def test_while_kafka_is_slow_the_rest_is_asked_to_come_back(
    client: httpx.AsyncClient, publisher: FakePublisher, admission: Admission
) -> None:
    """At the bound further requests are refused at once, and health and receipts do not queue behind the waiting ones."""
    publisher.acknowledging.clear()
    waiting = [asyncio.create_task(post(client, ticket(n))) for n in range(admission.max_requests)]
    while admission.requests < admission.max_requests:  # noqa: ASYNC110  a number cannot be awaited
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(5):
            more = await asyncio.gather(*(post(client, ticket(1000 + n)) for n in range(50)))
            assert {(answer.status_code, answer.headers["Retry-After"]) for answer in more} == {(429, "1")}
            for path in ("/healthz", "/readyz", "/metrics"):
                assert (await client.get(path)).status_code == 200
            assert (await client.get(f"/v1/receipts/{prepared(1).event_id}", headers=BEARER)).status_code == 404
    finally:
        publisher.acknowledging.set()
    assert [counts(answer) for answer in await asyncio.gather(*waiting)] == [(1, 0, 0)] * admission.max_requests
    assert counts(await post(client, ticket(1000))) == (1, 0, 0)
    assert (admission.requests, admission.bytes) == (0, 0)


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


async def test_no_answer_repeats_a_personal_value(client: httpx.AsyncClient) -> None:
    body = [ticket(1, seller_id="140599199703280021"), ticket(2, truck_plate="晋E 2630"), ticket(3, operator=["武冬华"])]
    answer = await post(client, body, BATCH)
    assert counts(answer) == (0, 0, 3)
    assert not any(value in answer.text for value in ("140599199703280021", "晋E 2630", "武冬华"))


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


@pytest.mark.parametrize("event_id", ["x", "20240502-00-1", "20240502-2d5df985e7a0c99088987d01d694b578-0", "1-2-3-4"])
async def test_what_is_no_event_id(client: httpx.AsyncClient, event_id: str) -> None:
    assert (await client.get(f"/v1/receipts/{event_id}", headers=BEARER)).status_code == 422


async def test_an_event_of_a_day_that_no_calendar_has_was_never_landed(client: httpx.AsyncClient) -> None:
    path = "/v1/receipts/20241350-2d5df985e7a0c99088987d01d694b578-1"
    assert (await client.get(path, headers=BEARER)).status_code == 404


async def test_health(client: httpx.AsyncClient, publisher: FakePublisher) -> None:
    assert (await client.get("/readyz")).status_code == 200
    publisher.available = False
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200
    assert "huanxin_gateway_events_total" in (await client.get("/metrics")).text


async def test_the_document_names_every_refusal(client: httpx.AsyncClient) -> None:
    responses = (await client.get("/openapi.json")).json()["paths"]["/v1/events"]["post"]["responses"]
    assert {"202", "401", "403", "413", "415", "422", "429", "503"} <= set(responses)
