"""A worker is killed in mid-load and comes back by itself; the totals still equal what was sent."""

import json
import os
import signal
import time
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest

from benchmarks.latency import TYPE, weighing
from huanxin.stack.status import left
from huanxin.stack.supervision import Supervisor
from tests.conftest import Stack

pytestmark = pytest.mark.stack
FIRST_DAY, DAYS, EVENTS, KILLS = date(2019, 1, 1), 90, 8_000, 3
PER_REQUEST = 2_000


def test_killed_worker_loses_and_doubles_nothing(stack: Stack) -> None:
    supervisor = Supervisor(stack.settings)
    sent: dict[date, tuple[int, Decimal]] = {}
    under_way = 0
    for kill in range(KILLS):
        for day, amount in post(stack, kill):
            events, yuan = sent.get(day, (0, Decimal(0)))
            sent[day] = (events + 1, yuan + amount)
        pid = supervisor.states()["worker-0"]["pid"]
        under_way += left(stack.settings) or 0
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while supervisor.states()["worker-0"]["pid"] in (pid, 0):
            assert time.monotonic() < deadline, "the worker was not started again"
            time.sleep(0.1)
    assert under_way > 0, "the worker had nothing under way whenever it was killed"
    stack.wait_until_landed()
    counted = stack.clickhouse(
        "SELECT day, sum(events), sum(amount_yuan) FROM mart.daily "
        "WHERE stream = %(stream)s AND day BETWEEN %(a)s AND %(b)s GROUP BY day",
        {"stream": TYPE, "a": FIRST_DAY, "b": FIRST_DAY + timedelta(days=DAYS)},
    )
    assert sum(events for events, _ in sent.values()) == EVENTS * KILLS
    assert {day: (events, yuan) for day, events, yuan in counted} == sent


def post(stack: Stack, run: int) -> list[tuple[date, Decimal]]:
    """Send many weighings through the gateway; returns the day and amount of each one that was accepted."""
    lines, facts = [], []
    for number in range(EVENTS):
        day, amount = FIRST_DAY + timedelta(days=number % DAYS), Decimal(number) + Decimal("0.07")
        document = weighing(day, f"KILL-{run}-{number}")
        document["data"]["amount_yuan"] = str(amount)
        lines.append(json.dumps(document, ensure_ascii=False))
        facts.append((day, amount))
    headers = stack.headers("recycler.weighbridge", "application/jsonl")
    for start in range(0, EVENTS, PER_REQUEST):
        body = "\n".join(lines[start : start + PER_REQUEST]).encode()
        answer = httpx.post(f"{stack.urls['gateway']}/v1/events", content=body, headers=headers, timeout=60)
        assert answer.json()["accepted"] == PER_REQUEST, answer.text[:300]
    return facts
