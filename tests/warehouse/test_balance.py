"""The ledger identity as pages read it: checked day by day as days become due, and the same as asked on demand."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from benchmarks.latency import weighing
from tests.conftest import Stack

pytestmark = pytest.mark.stack
VIEW = "mart.balance_refresh"
DAY = date(2017, 7, 7)
FIGURES = "sum(received), sum(stored), sum(duplicate), sum(rejected)"


@pytest.fixture(autouse=True)
def landed(stack: Stack) -> Iterator[None]:
    stack.wait_until_landed()
    check(stack)
    yield
    check(stack)


def check(stack: Stack) -> None:
    stack.clickhouse(f"SYSTEM REFRESH VIEW {VIEW}")
    stack.clickhouse(f"SYSTEM WAIT VIEW {VIEW}")


def of_day(stack: Stack, day: date) -> list[tuple[object, ...]]:
    query = "SELECT source, received, stored, balanced FROM mart.balance_cell FINAL WHERE day = %(day)s ORDER BY source"
    return stack.clickhouse(query, {"day": day})


def test_it_is_what_is_asked_on_demand(stack: Stack) -> None:
    asked = stack.clickhouse(f"SELECT source, {FIGURES} FROM ops.reconciliation GROUP BY source ORDER BY source")
    assert stack.clickhouse(f"SELECT source, {FIGURES} FROM mart.balance GROUP BY source ORDER BY source") == asked
    assert sum(received for _, received, *_ in asked) > 90_000


def test_a_day_is_due_once_something_of_it_came_and_not_again(stack: Stack) -> None:
    document = weighing(DAY, "BALANCE-1")
    headers = stack.headers(document["source"])
    for times in (1, 2):
        answer = httpx.post(
            f"{stack.urls['gateway']}/v1/events", json=document | {"id": f"{times}"}, headers=headers, timeout=30
        )
        assert answer.status_code == 202, answer.text
    stack.wait_until_landed()
    assert stack.clickhouse("SELECT count() FROM mart.balance_due WHERE day = %(day)s", {"day": DAY}) == [(1,)]
    check(stack)
    assert of_day(stack, DAY)[0][0] == document["source"]
    assert stack.clickhouse("SELECT count() FROM mart.balance_due WHERE day = %(day)s", {"day": DAY}) == [(0,)]
    assert stack.clickhouse("SELECT count() FROM mart.balance_due WHERE day = (SELECT max(day) FROM landing.ledger)") == [(1,)]


def test_a_break_shows_is_checked_again_and_goes(stack: Stack) -> None:
    day = date(2023, 3, 3)
    stack.clickhouse(
        "INSERT INTO landing.usedcar_transferred SELECT * REPLACE (toDate('2023-03-03') AS day, 'SPOILED' AS serial_no) "
        "FROM landing.usedcar_transferred WHERE source = 'police.transfer' LIMIT 1"
    )
    try:
        stack.clickhouse("DELETE FROM mart.balance_cell WHERE day = %(day)s", {"day": day})  # as if its check were a day old
        check(stack)
        assert stack.clickhouse("SELECT source, breaks FROM mart.balance WHERE breaks != 0") == [("police.transfer", 1)]
    finally:
        stack.clickhouse("DELETE FROM landing.usedcar_transferred WHERE serial_no = 'SPOILED'")
    check(stack)
    assert stack.clickhouse("SELECT sum(breaks) FROM mart.balance") == [(0,)]


def test_a_day_that_is_gone_from_both_tables_becomes_nothing(stack: Stack) -> None:
    gone = date(1999, 1, 1)
    stack.clickhouse("INSERT INTO mart.balance_cell VALUES ('police.transfer', '1999-01-01', 5, 5, 0, 0, 1, 5, now64(3))")
    check(stack)
    assert of_day(stack, gone) == [("police.transfer", 0, 0, 1)]


def test_a_message_that_is_redelivered_makes_its_day_due_once(stack: Stack) -> None:
    due = "SELECT count() FROM mart.balance_due WHERE day = '2023-02-01'"
    again = "INSERT INTO landing.ledger SELECT * FROM landing.ledger WHERE day = '2023-02-01' LIMIT 3"
    before = of_day(stack, date(2023, 2, 1))
    stack.clickhouse("SYSTEM STOP MERGES landing.ledger")  # a merge would take the rows for what they are: the same
    try:
        stack.clickhouse(again)
        assert stack.clickhouse(due) == [(1,)]
        check(stack)
    finally:
        stack.clickhouse("SYSTEM START MERGES landing.ledger")
    assert of_day(stack, date(2023, 2, 1)) == before
    assert stack.clickhouse("SELECT sum(breaks) FROM mart.balance") == [(0,)]
