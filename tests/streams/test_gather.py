"""What an agent that recomputes takes at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from streams.gather import gathered, one
from streams.transport import Chunk


def chunk(partition: int, *offsets: int, missing: int = 0) -> Chunk:
    return Chunk("huanxin.touched", partition, [SimpleNamespace(offset=offset) for offset in offsets], missing)


class Stream:
    """Hands out all its chunks at once, and stays open until it is told to end."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.waiting = [SimpleNamespace(value=each) for each in chunks]
        self.acknowledged: list[tuple[int, int]] = []
        self.end = asyncio.Event()

    async def events(self) -> AsyncIterator[Any]:
        for event in self.waiting:
            yield event
        await self.end.wait()

    async def ack(self, event: Any) -> None:
        self.acknowledged.append((event.value.partition, event.value.last_offset))


def test_several_chunks_of_a_partition_are_one() -> None:
    merged = one([chunk(1, 4, 5), chunk(1, 6, missing=0), chunk(1, 9, missing=2)])
    assert (merged.first_offset, merged.last_offset, merged.missing) == (4, 9, 2)
    assert [record.offset for record in merged.records] == [4, 5, 6, 9]


def test_what_came_meanwhile_is_taken_at_once_and_acknowledged_in_order() -> None:
    async def run() -> None:
        stream = Stream([chunk(0, 1), chunk(1, 1, 2), chunk(0, 2), chunk(0, 3)])
        rounds = []

        async def process(chunks: Sequence[Chunk]) -> None:
            assert stream.acknowledged == [], "acknowledged before it was processed"
            rounds.append([(each.partition, each.first_offset, each.last_offset) for each in chunks])

        async def pause(spent: float) -> None:
            assert spent >= 0
            stream.end.set()

        await asyncio.wait_for(gathered(stream, process, pause), 5)
        assert rounds == [[(0, 1, 3), (1, 1, 2)]]
        assert stream.acknowledged == [(0, 1), (1, 2), (0, 2), (0, 3)]

    asyncio.run(run())


def test_a_failure_stops_the_agent_and_acknowledges_nothing() -> None:
    async def run() -> None:
        stream = Stream([chunk(0, 1)])

        async def process(chunks: Sequence[Chunk]) -> None:
            raise ZeroDivisionError

        async def pause(spent: float) -> None:
            pytest.fail("it went on")

        with pytest.raises(ExceptionGroup) as failed:
            await asyncio.wait_for(gathered(stream, process, pause), 5)
        assert failed.group_contains(ZeroDivisionError)
        assert stream.acknowledged == []

    asyncio.run(run())
