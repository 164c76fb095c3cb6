"""A worker is killed in mid-load and comes back by itself; the totals still equal the truth."""

import json
import os
import signal
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from huanxin.demo import post_lines
from huanxin.simulator import Options, simulate
from huanxin.stack.status import lag
from huanxin.stack.supervision import Supervisor
from tests.conftest import Stack

pytestmark = pytest.mark.stack


def test_killed_worker_loses_and_doubles_nothing(stack: Stack, tmp_path: Path) -> None:
    simulate(Options(seed=7, first=date(2025, 1, 1), last=date(2025, 3, 31), scale=0.5, out=tmp_path))
    supervisor = Supervisor(stack.settings)
    kills = 0
    for source in ("recycler.weighbridge", "shop.appliance"):
        post_lines(stack.settings, source, tmp_path / source)
        pid = supervisor.states()["worker-0"]["pid"]
        left = sum(sum(partitions.values()) for partitions in lag(stack.settings).values())
        assert left > 0, "the worker had nothing under way when it was killed"
        os.kill(pid, signal.SIGKILL)
        kills += 1
        deadline = time.monotonic() + 60
        while supervisor.states()["worker-0"]["pid"] in (pid, 0):
            assert time.monotonic() < deadline, "the worker was not started again"
            time.sleep(0.1)
    assert kills == 2
    stack.wait_until_landed()
    assert counted(stack) == truth(tmp_path)


def counted(stack: Stack) -> dict[str, tuple[int, Decimal, Decimal]]:
    daily = stack.clickhouse(
        "SELECT stream, sum(events), sum(net_kg), sum(amount_yuan) FROM mart.daily "
        "WHERE day BETWEEN '2025-01-01' AND '2025-03-31' AND stream IN ('recycling.weighed', 'subsidy.paid') GROUP BY stream"
    )
    return {stream: (events, kg, yuan) for stream, events, kg, yuan in daily}


def truth(folder: Path) -> dict[str, tuple[int, Decimal, Decimal]]:
    totals: dict[str, tuple[int, Decimal, Decimal]] = {}
    with (folder / "truth.jsonl").open(encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["source"] in ("recycler.weighbridge", "shop.appliance"):
                events, kg, yuan = totals.get(event["type"], (0, Decimal(0), Decimal(0)))
                totals[event["type"]] = (events + 1, kg + Decimal(event["net_kg"]), yuan + Decimal(event["amount_yuan"]))
    return totals
