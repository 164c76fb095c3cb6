"""The effect of sending: resends change nothing, corrections replace, voids remove, bad rows stand alone, receipts tell."""

import copy
import csv
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer

from benchmarks.latency import voided, weighing
from huanxin.intake import ingest_path
from ingest.sources import sources
from tests.conftest import CONSOLE, Stack

pytestmark = pytest.mark.stack
RUBBISH = "20220508-" + "0" * 32 + "-1"


def post(stack: Stack, document: dict[str, Any]) -> dict[str, Any]:
    headers = stack.headers(document["source"])
    answer = httpx.post(f"{stack.urls['gateway']}/v1/events", json=document, headers=headers, timeout=30)
    assert answer.status_code == 202, answer.text
    result: dict[str, Any] = answer.json()["results"][0]
    return result


def cell(stack: Stack, day: str) -> list[tuple[Any, ...]]:
    query = (
        "SELECT town, events, pieces, toFloat64(net_kg), toFloat64(amount_yuan) FROM mart.daily "
        "WHERE stream = 'recycling.weighed' AND day = %(d)s"
    )
    return sorted(stack.clickhouse(query, {"d": day}))


def until(check: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.05)


def test_a_posted_event_is_counted_and_has_a_receipt(stack: Stack) -> None:
    document = weighing_on("2022-05-05", "E2E-1")
    result = post(stack, document)
    assert result["status"] == "accepted"
    until(lambda: cell(stack, "2022-05-05") != [])
    receipt = httpx.get(f"{stack.urls['gateway']}/v1/receipts/{result['id']}", headers=stack.headers(document["source"])).json()
    assert (receipt["status"], receipt["type"]) == ("stored", "recycling.weighed")


def test_correction_replaces_and_void_removes_in_any_order(stack: Stack) -> None:
    day = "2022-05-06"
    first = weighing_on(day, "E2E-2")
    second = copy.deepcopy(first) | {"revision": 2}
    second["data"] |= {"status": "corrected", "amount_yuan": "1.50", "town": "凤城镇"}
    assert post(stack, second)["status"] == "accepted"
    until(lambda: len(cell(stack, day)) == 1)
    post(stack, first)  # the older revision arrives late and changes nothing
    stack.wait_until_landed()
    ((town, events, _, _, yuan),) = cell(stack, day)
    assert (town, events, yuan) == ("凤城镇", 1, 1.5)
    post(stack, voided(first) | {"revision": 3})
    until(lambda: cell(stack, day) == [])


def test_the_same_event_twice_is_a_duplicate(stack: Stack) -> None:
    document = weighing_on("2022-05-07", "E2E-3")
    assert [post(stack, document)["status"], post(stack, document)["status"]] == ["accepted", "duplicate"]


def test_the_same_file_twice_changes_no_figure(stack: Stack) -> None:
    file = next(iter(sorted((stack.county / "police.transfer").glob("*.csv"))))
    before = stack.clickhouse("SELECT * FROM mart.daily WHERE stream = 'usedcar.transferred' ORDER BY ALL")
    report = ingest_path(stack.settings, file, "police.transfer", CONSOLE)
    assert report.accepted == 0
    assert report.duplicate > 0
    assert "nothing changes" in report.as_text()
    stack.wait_until_landed()
    assert stack.clickhouse("SELECT * FROM mart.daily WHERE stream = 'usedcar.transferred' ORDER BY ALL") == before


def test_a_malformed_row_is_rejected_and_the_others_land(stack: Stack, tmp_path: Path) -> None:
    source = "police.transfer"
    headers = {field: header for header, field in sources()[source].columns.items()}
    with next(iter(sorted((stack.county / source).glob("*.csv")))).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:5]
    for number, row in enumerate(rows):
        row[headers["transferred_on"]] = "2022-06-06"
        row[headers["@time"]] = "2022-06-06T10:00:00+08:00"
        row[headers["serial_no"]] = f"E2E-{number}"
    rows[2][headers["price_yuan"]] = "three thousand"
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = ingest_path(stack.settings, path, source, CONSOLE)
    assert report.accepted == 4
    ((rejection),) = report.rejections
    assert (rejection.row, rejection.field, rejection.reason) == (4, "data.price_yuan", "decimal_parsing")
    query = "SELECT sum(events) FROM mart.daily WHERE stream = 'usedcar.transferred' AND day = '2022-06-06'"
    until(lambda: stack.clickhouse(query) == [(4,)])


def test_what_cannot_be_landed_becomes_a_sealed_dead_letter(stack: Stack) -> None:
    """Something that is not the publisher writes rubbish to a topic: its neighbours land, it is kept with its reason."""
    producer = KafkaProducer(bootstrap_servers=stack.settings.kafka_bootstrap)
    rubbish = {"source": "recycler.weighbridge", "id": RUBBISH, "secret": "140599"}
    producer.send("huanxin.recycling.weighed", value=json.dumps(rubbish).encode()).get(30)
    producer.close()
    query = "SELECT stage, reason, field, length(sealed) FROM landing.dead_letter FINAL WHERE event_id = %(id)s"
    until(lambda: len(stack.clickhouse(query, {"id": RUBBISH})) == 1)
    ((stage, reason, field, size),) = stack.clickhouse(query, {"id": RUBBISH})
    assert (stage, reason, field) == ("envelope", "missing", "department")
    assert size > 0
    assert stack.clickhouse("SELECT count() FROM landing.dead_letter WHERE position(sealed, '140599') > 0") == [(0,)]


def weighing_on(day: str, ticket: str) -> dict[str, Any]:
    return weighing(date.fromisoformat(day), ticket)
