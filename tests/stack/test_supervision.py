"""Supervision on the running stack: late papers close findings, corrections move them, the past stays as it was."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.catalogue import example
from schemas.event import CHINA
from schemas.identity import Identifier
from schemas.marks import Kind
from tests.conftest import Stack
from tests.stack.test_effect import post, until
from warehouse.client import connection
from warehouse.explain import explain
from warehouse.rulebook import rulebook
from warehouse.supervise import findings_as_of

pytestmark = pytest.mark.stack
CLOSED_WITHIN = 5.0
"""Seconds by the database's clock from a late paper's arrival in Kafka until a reader sees its finding closed."""


@pytest.fixture
def sent(stack: Stack) -> Iterator[list[dict[str, Any]]]:
    """What a test posts; all of it is voided at the end, so that pages and counts are as before."""
    documents: list[dict[str, Any]] = []
    yield documents
    newest: dict[str, dict[str, Any]] = {}
    for document in documents:
        newest[document["id"].rpartition("-")[0]] = document
    for document in newest.values():
        void = copy.deepcopy(document) | {"revision": document["revision"] + 1, "id": document["id"] + "-void"}
        void["data"]["status"] = "voided"
        post(stack, void)


def paper(event_type: str, number: int, revision: int = 1, **data: Any) -> dict[str, Any]:
    document = example(event_type)
    document |= {
        "id": f"supervision-{event_type}-{number}-{revision}",
        "revision": revision,
        "time": "2013-03-01T10:00:00+08:00",
    }
    document["data"] |= {"status": "registered" if revision == 1 else "corrected"} | data
    return document


def vin(number: int) -> str:
    return f"L0Y000000DA{number:06d}"


def certificate(number: int, revision: int = 1, **data: Any) -> dict[str, Any]:
    given = {"cert_no": f"SUPERVISION{number}", "issued_on": "2013-03-01", "handed_over_on": "2013-02-27", "vin": vin(number)}
    return paper("scrappage.certified", number, revision, **given | {"first_registered_on": "2001-01-01"} | data)


def struck(number: int) -> dict[str, Any]:
    given = {"vin": vin(number), "cancelled_on": "2013-06-01", "first_registered_on": "2001-01-01"}
    return paper("scrappage.deregistered", number, **given)


def key(stack: Stack, number: int) -> str:
    identifier = Identifier(bytes.fromhex(stack.settings.secrets.pseudonym_key))
    return f"vin:{identifier.token(Kind.VIN, vin(number)).hex()}"


def status(stack: Stack, rule: str, case: str, as_of: datetime | None = None) -> str:
    source = f"mart.finding_as_of(as_of = '{as_of.astimezone(CHINA):%Y-%m-%d %H:%M:%S.%f}')" if as_of else "mart.finding"
    rows = stack.clickhouse(f"SELECT status FROM {source} WHERE rule = %(r)s AND case_key = %(c)s", {"r": rule, "c": case})
    return str(rows[0][0]) if rows else "none"


def since_arrival(stack: Stack, table: str, number: int) -> float:
    """Seconds since the newest of the car's papers arrived: before it landed, so never less than since its landing."""
    token = key(stack, number).removeprefix("vin:")
    passed = "(toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(max(received_at))) / 1000"
    return float(stack.clickhouse(f"SELECT {passed} FROM landing.{table} WHERE hex(vin_token) = upper('{token}')")[0][0])


def test_a_late_paper_closes_what_it_explains(stack: Stack, sent: list[dict[str, Any]]) -> None:
    sent.append(certificate(1))
    post(stack, sent[-1])
    case = key(stack, 1)
    until(lambda: status(stack, "A02", case) == "open", 60)
    opened = datetime.fromtimestamp(stack.clickhouse("SELECT toUnixTimestamp64Micro(now64(6))")[0][0] / 1_000_000, UTC)
    sent.append(struck(1))
    post(stack, sent[-1])
    until(lambda: status(stack, "A02", case) == "closed", 60)
    took = since_arrival(stack, "scrappage_deregistered", 1)
    assert took < CLOSED_WITHIN, took
    # The past stays as it was: read from what was kept, and judged anew from what had been received.
    assert status(stack, "A02", case, opened) == "open"
    with connection(stack.settings, "worker") as client:
        judged = {row[:3] for row in findings_as_of(client, opened, [rulebook()["A02"]])}
        note = explain(client, rulebook()["A02"], case)
    assert ("A02", case, "open") in judged
    # The note tells the papers in order and what became of the question, without the car's number.
    assert note.index("开具回收证明 SUPERVISION1") < note.index("注销登记")
    assert "现有单据没有需要核实的问题" in note
    assert vin(1) not in note
    stages = stack.clickhouse(
        "SELECT stage, deregistered_on IS NULL FROM mart.vehicle_case WHERE case_key = %(c)s", {"c": case}
    )
    assert stages == [("已注销", 0)]


def test_a_correction_takes_the_question_to_the_right_car(stack: Stack, sent: list[dict[str, Any]]) -> None:
    sent.append(certificate(2))
    post(stack, sent[-1])
    until(lambda: status(stack, "A02", key(stack, 2)) == "open", 60)
    sent.append(certificate(2, revision=2, vin=vin(3)))
    post(stack, sent[-1])
    until(lambda: status(stack, "A02", key(stack, 3)) == "open", 60)
    until(lambda: status(stack, "A02", key(stack, 2)) == "closed", 60)
    assert stack.clickhouse("SELECT count() FROM mart.vehicle_case WHERE case_key = %(c)s", {"c": key(stack, 2)}) == [(0,)]


def test_every_change_is_kept(stack: Stack, sent: list[dict[str, Any]]) -> None:
    case = key(stack, 4)
    sent.append(certificate(4))
    post(stack, sent[-1])
    until(lambda: status(stack, "A02", case) == "open", 60)
    sent.append(struck(4))
    post(stack, sent[-1])
    until(lambda: status(stack, "A02", case) == "closed", 60)
    void = copy.deepcopy(sent[-1]) | {"revision": 2, "id": "supervision-again"}
    void["data"]["status"] = "voided"
    post(stack, void)
    until(lambda: status(stack, "A02", case) == "open", 60)
    events = "SELECT event FROM mart.finding_version WHERE rule = 'A02' AND case_key = %(c)s ORDER BY evaluated_at"
    assert [event for (event,) in stack.clickhouse(events, {"c": case})] == ["opened", "closed", "reopened"]
