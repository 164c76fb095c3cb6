"""When a partition stops for its dead letters, when it goes on, and what is said of offsets that are gone."""

import asyncio
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from streams import alarm
from streams.alarm import Alarms
from streams.transport import Chunk
from warehouse.alarms import Alarm


class Table:
    """Stands for ops.alarm."""

    def __init__(self) -> None:
        self.raised: list[Alarm] = []
        self.decided = -1

    def raise_alarm(self, client: Any, raised: Alarm) -> None:
        self.raised.append(raised)

    def let_through(self, client: Any, topic: str, partition: int, since: datetime) -> int:
        return self.decided


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    table = Table()
    monkeypatch.setattr(alarm, "raise_alarm", table.raise_alarm)
    monkeypatch.setattr(alarm, "let_through", table.let_through)
    monkeypatch.setattr(alarm, "POLL_SECONDS", 0.01)
    return table


def chunk(first: int, count: int, missing: int = 0, end: int = 0) -> Chunk:
    records = [SimpleNamespace(offset=first + number, timestamp=1_700_000_000_000) for number in range(count)]
    return Chunk("huanxin.t", 0, records, missing, end)


def alarms() -> Alarms:
    return Alarms(None, 0.2)  # type: ignore[arg-type]  the table's stand-in needs no connection


async def passes(mine: Alarms, which: Chunk, dead: int) -> bool:
    """Whether the chunk is let through within a moment."""
    try:
        await asyncio.wait_for(mine.dead_letters(which, dead), 0.2)
    except TimeoutError:
        return False
    return True


async def test_single_bad_records_never_stop_a_partition(table: Table) -> None:
    mine = alarms()
    assert all([await passes(mine, chunk(number, 1), 1) for number in range(200)])
    assert table.raised == []


async def test_too_large_a_share_stops_it_until_a_person_decides(table: Table) -> None:
    mine = alarms()
    assert await passes(mine, chunk(0, 1000), 200)
    assert not await passes(mine, chunk(1000, 500, end=9000), 400)
    assert [(raised.first_offset, raised.last_offset) for raised in table.raised] == [(1000, 8999)]
    table.decided = 8999
    assert await passes(mine, chunk(1000, 500, end=9000), 400)
    assert await passes(mine, chunk(1500, 2000), 2000), "the decision covers what the partition held then"
    assert not await passes(mine, chunk(9000, 2000), 2000), "and nothing that came later"


async def test_a_bad_share_long_ago_does_not_count(table: Table) -> None:
    mine = alarms()
    assert await passes(mine, chunk(0, 1000), 200)
    assert await passes(mine, chunk(1000, 2000), 0)
    assert await passes(mine, chunk(3000, 1000), 200)


async def test_a_limit_of_one_stops_nothing(table: Table) -> None:
    mine = Alarms(None, 1.0)  # type: ignore[arg-type]
    assert await passes(mine, chunk(0, 5000), 5000)


async def test_offsets_that_are_gone_are_named(table: Table) -> None:
    mine = alarms()
    await mine.offsets_lost(chunk(0, 10), "")
    assert table.raised == []
    await mine.offsets_lost(chunk(500, 10, missing=490), "send again")
    (raised,) = table.raised
    assert (raised.kind, raised.first_offset, raised.last_offset) == ("offsets_lost", 10, 499)
    assert "490 messages" in raised.detail
