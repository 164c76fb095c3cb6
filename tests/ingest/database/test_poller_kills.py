"""The polling process is killed at random points, while a department goes on writing: nothing missing, nothing twice.

POLLER_KILLS=20 runs the long form.
"""

import json
import os
import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.conftest import Stack
from tests.ingest.database.postgres import postgres
from tests.ingest.database.table import CREATE, REGISTRY, correct, insert

pytestmark = pytest.mark.stack
KILLS = int(os.environ.get("POLLER_KILLS", "3"))
DAY, SOURCE, ROWS = date(2018, 8, 1), "exchange.polled", 40


def test_a_killed_poller_loses_and_doubles_nothing(stack: Stack, tmp_path: Path) -> None:
    polled = yaml.safe_load(REGISTRY.read_text("utf-8"))["sources"][0]
    polled["exchange"]["every_seconds"] = 0.2
    registry = tmp_path / "sources.yaml"
    registry.write_text(yaml.safe_dump({"sources": [polled]}, allow_unicode=True), "utf-8")
    dice = random.Random(KILLS)
    with postgres() as server, server.connect() as session:
        session.execute(CREATE)
        environment = {
            **os.environ,
            "HUANXIN_HOME": str(stack.settings.home),
            "HUANXIN_SECRETS__DATABASES": json.dumps({SOURCE: server.url}),
        }
        command = [sys.executable, "-m", "huanxin", "connectors", "--registry", str(registry)]
        for kill in range(KILLS + 1):
            with (tmp_path / "connectors.log").open("a") as log:
                poller = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                until = time.monotonic() + 1.5 + dice.uniform(0, 2.5)  # 1.5 s to start; then anywhere in reading and sending
                for row in range(ROWS):
                    insert(session, f"KILLED-{kill}-{row}", DAY, f"{kill * ROWS + row}.07")
                    if row % 8 == 0:
                        correct(session, f"KILLED-{kill}-{row}", f"{row}.01")
                time.sleep(max(0.0, until - time.monotonic()))
                if kill == KILLS:
                    wait(stack, (KILLS + 1) * ROWS)
            finally:
                poller.kill()
                poller.wait(10)
        expected = session.execute("SELECT serial_no, price, revision FROM transfer ORDER BY serial_no").fetchall()
    stack.wait_until_landed()
    assert current(stack) == expected
    ((documents,),) = stack.clickhouse(
        "SELECT uniqExact(id) FROM landing.usedcar_transferred WHERE source = %(s)s AND day = %(d)s", {"s": SOURCE, "d": DAY}
    )
    assert documents == len(expected)


def current(stack: Stack) -> list[tuple[object, ...]]:
    query = (
        "SELECT serial_no, price_yuan, revision FROM landing.usedcar_transferred_current "
        "WHERE source = %(s)s AND day = %(d)s ORDER BY serial_no"
    )
    return stack.clickhouse(query, {"s": SOURCE, "d": DAY})


def wait(stack: Stack, rows: int) -> None:
    deadline = time.monotonic() + 90
    while len(current(stack)) < rows:
        assert time.monotonic() < deadline, f"{len(current(stack))} of {rows} rows after 90 s"
        time.sleep(0.5)
    time.sleep(1)  # the last corrections
