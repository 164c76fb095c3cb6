"""Change data capture for real: PostgreSQL, Debezium on Kafka Connect, Kafka: insert, update and delete become events."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from huanxin.stack import connect
from huanxin.stack.runtime import ensure_connect
from ingest.accept import RecentlySeen
from ingest.build import build_intake
from ingest.database.capture import Capture, topic_of
from ingest.database.changes import Changes
from ingest.database.exchange import Captured
from ingest.sources import sources
from tests.conftest import CONSOLE, Stack
from tests.ingest.database.postgres import PASSWORD, postgres
from tests.ingest.database.table import CREATE, REGISTRY, correct, insert, source

pytestmark = pytest.mark.stack
DAY, MOVED = date(2018, 12, 1), date(2018, 12, 2)
SOURCE = "exchange.captured"


def test_insert_update_and_delete_become_registered_corrected_and_voided(stack: Stack) -> None:
    ensure_connect(stack.settings, lambda what: CONSOLE.print(what))
    chosen = source(SOURCE)
    assert isinstance(chosen.exchange, Captured)
    with postgres() as server, server.connect() as session:
        session.execute(CREATE)
        insert(session, "CDC-0", DAY)  # before the connector's first snapshot
        address = {
            "CAPTURE_HOST": "127.0.0.1",
            "CAPTURE_PORT": str(server.port),
            "CAPTURE_USER": "exchange",
            "CAPTURE_PASSWORD": PASSWORD,
            "CAPTURE_DATABASE": "postgres",
            "CAPTURE_TABLES": "public.transfer",
            "CAPTURE_COLUMNS": r"public\.transfer\.(?!inner_note$).*",
        }
        shutil.rmtree(stack.settings.home / "connect", ignore_errors=True)  # positions in another server's log
        with (stack.settings.home / "logs" / "connect.log").open("w") as log:
            command = connect.command(stack.settings)
            worker = subprocess.Popen(command, env={**os.environ, **address}, stdout=log, stderr=log)
        intake = build_intake(stack.settings, RecentlySeen(), sources(REGISTRY))
        changes = {topic_of(chosen.exchange): Changes(chosen, chosen.exchange)}
        refused: list[Any] = []
        try:
            with closing(Capture(stack.settings.kafka_bootstrap, changes, intake, refused.extend)) as capture:
                take(capture, 1)
                insert(session, "CDC-1", DAY)
                insert(session, "CDC-2", DAY)
                correct(session, "CDC-0", "7.50")
                take(capture, 3)
                session.execute(
                    "UPDATE transfer SET transferred_on = %s, revision = revision + 1 WHERE serial_no = 'CDC-1'", [MOVED]
                )
                session.execute("DELETE FROM transfer WHERE serial_no = 'CDC-2'")
                take(capture, 3)
                insert(session, "CDC-BAD", DAY, vin="I0")
                until(lambda: capture.take() or bool(refused))
        finally:
            worker.terminate()
            worker.wait(30)
            intake.publisher.close()
    stack.wait_until_landed()
    current = "SELECT serial_no, day, status, revision, toFloat64(price_yuan) FROM landing.usedcar_transferred_current "
    rows = stack.clickhouse(f"{current} WHERE source = %(source)s ORDER BY serial_no, day", {"source": SOURCE})
    assert rows == [
        ("CDC-0", DAY, "corrected", 2, 7.5),
        ("CDC-1", DAY, "voided", 2, 41000.1),
        ("CDC-1", MOVED, "registered", 2, 41000.1),
        ("CDC-2", DAY, "voided", 2, 41000.1),
    ]
    assert [(refusal.row_key, refusal.result.reason) for refusal in refused] == [("CDC-BAD", "string_pattern_mismatch")]


def take(capture: Capture, events: int) -> None:
    """Take changes until so many events were accepted, and no more."""
    accepted = 0

    def enough() -> bool:
        nonlocal accepted
        accepted += capture.take()
        return accepted >= events

    until(enough)
    assert accepted == events


def until(check: Callable[[], Any], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "not within the time"
