"""A source that has nothing to report is told from one that is cut off."""

import time
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.conftest import Stack

pytestmark = pytest.mark.stack
SOURCE = "recycler.weighbridge"


def last(stack: Stack, source: str) -> tuple[datetime | None, Any]:
    """When it was last heard, and what else the source's freshness says."""
    query = "SELECT last_heartbeat_at, (last_event_at, last_received_at) FROM mart.freshness WHERE source = %(source)s"
    ((beat, rest),) = stack.clickhouse(query, {"source": source})
    return beat, rest


def test_a_call_and_a_look_into_a_folder_are_seen(stack: Stack) -> None:
    before, events = last(stack, SOURCE)
    answer = httpx.post(f"{stack.urls['gateway']}/v1/heartbeat", headers=stack.headers(SOURCE), timeout=30)
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 60
    while (found := last(stack, SOURCE))[0] in (None, before):
        assert time.monotonic() < deadline, "not kept within the time"
        time.sleep(0.2)
    assert found[1] == events, "a heartbeat is no event"
    folder = "police.transfer"
    while last(stack, folder)[0] is None:
        assert time.monotonic() < deadline, "the watcher does not beat"
        time.sleep(0.5)
