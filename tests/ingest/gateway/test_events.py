"""What an event, a batch or JSON Lines are answered, each event by itself."""

from typing import Any

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway.body import BATCH, LINES
from tests.ingest.gateway.asking import KEYS, counts, lines, post
from tests.ingest.samples import document, ticket


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


@pytest.mark.parametrize("changes", [{"source": "coop.weighbridge"}, {"type": "subsidy.paid"}])
async def test_a_source_may_send_only_its_own(client: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    assert (await post(client, document(**changes))).status_code == 403
    assert (await post(client, [document(**changes)] * 2, BATCH)).status_code == 403


async def test_another_sources_key_is_no_key_for_this_one(client: httpx.AsyncClient) -> None:
    assert (await post(client, document(), Authorization=f"Bearer {KEYS['shop.appliance']}")).status_code == 403


async def test_no_answer_repeats_a_personal_value(client: httpx.AsyncClient) -> None:
    body = [ticket(1, seller_id="140599199703280021"), ticket(2, truck_plate="晋E 2630"), ticket(3, operator=["武冬华"])]
    answer = await post(client, body, BATCH)
    assert counts(answer) == (0, 0, 3)
    assert not any(value in answer.text for value in ("140599199703280021", "晋E 2630", "武冬华"))
