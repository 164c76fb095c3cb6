"""Rebuilding while the workers work and a reader reads: what was spoiled is mended, and no look ever sees a wrong figure."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx
import pytest

from benchmarks.latency import weighing
from streams.rebuild import Difference, replay
from tests.conftest import Stack
from warehouse.client import connection
from warehouse.rebuild import rebuild_daily

pytestmark = pytest.mark.stack
LOOK = "SELECT sum(events), sum(pieces), sum(amount_yuan) FROM mart.daily WHERE toYear(day) IN (2023, 2024)"
TRANSFERS = "SELECT count(), sum(price_yuan) FROM landing.usedcar_transferred_current WHERE toYear(day) = 2023"
DAY = date(2018, 3, 1)


@contextmanager
def looking(stack: Stack, queries: tuple[str, ...]) -> Iterator[list[Any]]:
    """A reader that looks again and again; yields every distinct thing it has seen."""
    seen: list[Any] = []
    stop = threading.Event()

    def look() -> None:
        with connection(stack.settings, "admin") as client:
            while not stop.is_set():
                now = [client.execute(query) for query in queries]
                if now not in seen:
                    seen.append(now)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        yield seen
    finally:
        stop.set()
        reader.join()


def post(stack: Stack, number: int) -> None:
    headers = stack.headers("recycler.weighbridge")
    document = weighing(DAY, f"REBUILD-{number}")
    answer = httpx.post(f"{stack.urls['gateway']}/v1/events", json=document, headers=headers, timeout=30)
    assert answer.json()["results"][0]["status"] == "accepted", answer.text


def counted(stack: Stack) -> int:
    query = "SELECT sum(events) FROM mart.daily WHERE stream = 'recycling.weighed' AND day = %(day)s"
    ((events,),) = stack.clickhouse(query, {"day": DAY})
    return int(events)


def test_a_replay_of_kafka_mends_the_landing_tables_under_a_reader(stack: Stack) -> None:
    stack.wait_until_landed()
    truth = stack.clickhouse(LOOK)
    stack.clickhouse(
        "INSERT INTO landing.usedcar_transferred SELECT * REPLACE (toDate('2018-03-03') AS day, 'SPOILED' AS serial_no) "
        "FROM landing.usedcar_transferred LIMIT 1"
    )
    posted = 0

    def between(done: int, total: int) -> None:
        nonlocal posted
        if posted < 5 and done > total * (posted + 1) / 6:  # new events keep coming while it replays
            posted += 1
            post(stack, posted)

    with looking(stack, (LOOK, TRANSFERS)) as seen, connection(stack.settings, "admin") as client:
        outcome = replay(stack.settings, client, between)
    ((spoiled,),) = stack.clickhouse("SELECT count() FROM landing.usedcar_transferred WHERE serial_no = 'SPOILED'")
    assert spoiled == 0
    wrong = {difference.table: difference for difference in outcome.differences}
    assert isinstance(wrong.pop("landing.usedcar_transferred"), Difference)
    assert not {*wrong} - {"landing.dead_letter"}  # another test may have put letters there by hand
    assert seen == [[truth, stack.clickhouse(TRANSFERS)]]
    stack.wait_until_landed()
    assert posted == 5
    assert counted(stack) == 5
    ((breaks,),) = stack.clickhouse("SELECT count() FROM ops.reconciliation WHERE NOT balanced")
    assert breaks == 0


def test_the_marts_are_counted_anew_under_a_reader(stack: Stack) -> None:
    stack.wait_until_landed()
    truth = stack.clickhouse("SELECT * FROM mart.daily ORDER BY ALL")
    spoiled = (
        "INSERT INTO mart.daily_cell SELECT * REPLACE (7 AS events, 0 AS amount_yuan, 0 AS version, 'SPOILED' AS town) "
        "FROM mart.daily_cell LIMIT 1"
    )
    stack.clickhouse(spoiled)
    assert stack.clickhouse("SELECT * FROM mart.daily ORDER BY ALL") != truth
    with looking(stack, ("SELECT sum(amount_yuan) FROM mart.daily",)) as seen, connection(stack.settings, "admin") as client:
        rebuild_daily(client, lambda what: None)
    assert len(seen) == 1
    assert stack.clickhouse("SELECT * FROM mart.daily ORDER BY ALL") == truth
