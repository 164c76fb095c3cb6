"""What an agent takes at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from streams.gather import ASK_SECONDS, Round, gathered, gathered_twice, in_turn, one
from streams.retry import GivenUpError
from streams.transport import Chunk


def chunk(partition: int, *offsets: int, missing: int = 0, log: int = 0) -> Chunk:
    records = [SimpleNamespace(offset=offset) for offset in offsets]
    return Chunk("huanxin.touched", partition, records, missing, log=log)


@dataclass(frozen=True, eq=False)
class Message:
    generation_id: int


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


def rounds_of(stream: Stream, most_records: int) -> list[list[tuple[int, int, int]]]:
    """Partition, first and last offset of each round's chunks, until the stream has nothing left."""
    rounds: list[list[tuple[int, int, int]]] = []

    async def take(found: Round) -> None:
        rounds.append([(each.partition, each.first_offset, each.last_offset) for each in found.chunks])
        await asyncio.sleep(0.01)
        await found.acknowledge()
        if len(stream.acknowledged) == len(stream.waiting):
            stream.end.set()

    asyncio.run(asyncio.wait_for(gathered(stream, take, most_records), 5))
    return rounds


def test_several_chunks_of_a_partition_are_one() -> None:
    merged = one([chunk(1, 4, 5), chunk(1, 6, missing=0), chunk(1, 9, missing=2)])
    assert (merged.first_offset, merged.last_offset, merged.missing) == (4, 9, 2)
    assert [record.offset for record in merged.records] == [4, 5, 6, 9]


def test_what_came_meanwhile_is_taken_at_once_and_acknowledged_in_order() -> None:
    stream = Stream([chunk(0, 1), chunk(1, 1, 2), chunk(0, 2), chunk(0, 3)])
    assert rounds_of(stream, 100) == [[(0, 1, 3), (1, 1, 2)]]
    assert stream.acknowledged == [(0, 1), (1, 2), (0, 2), (0, 3)]


def test_in_a_backlog_a_round_is_not_larger_than_a_fetch() -> None:
    stream = Stream([chunk(0, 1, 2), chunk(0, 3, 4), chunk(0, 5, 6)])
    assert rounds_of(stream, 2) == [[(0, 1, 2)], [(0, 3, 4)], [(0, 5, 6)]]


def test_records_of_a_log_made_anew_are_not_put_together_with_the_old_ones() -> None:
    stream = Stream([chunk(0, 8, 9), chunk(0, 1, log=1)])
    assert rounds_of(stream, 100) == [[(0, 8, 9), (0, 1, 1)]]


def test_a_failure_stops_the_agent_and_acknowledges_nothing() -> None:
    async def run() -> None:
        stream = Stream([chunk(0, 1)])

        async def take(found: Round) -> None:
            raise ZeroDivisionError

        with pytest.raises(ExceptionGroup) as failed:
            await asyncio.wait_for(gathered(stream, take, 100), 5)
        assert failed.group_contains(ZeroDivisionError)
        assert stream.acknowledged == []

    asyncio.run(run())


def test_a_pause_ends_when_what_it_depends_on_does() -> None:
    stream, asked = Stream([chunk(0, 1)]), []

    async def process(chunks: Sequence[Chunk]) -> None:
        await asyncio.sleep(0)

    def pause(spent: float) -> float:
        asked.append(spent)
        return 60.0 if len(asked) == 1 else 0.0

    asyncio.run(asyncio.wait_for(in_turn(process, pause)(Round(stream, stream.waiting)), 5))
    assert stream.acknowledged == [(0, 1)]
    assert len(asked) == 2
    assert asked[0] == asked[1]


@pytest.mark.parametrize("taken_away", [True, False])
def test_what_was_given_up_is_let_go_and_taken_again_unless_its_partition_was_taken(taken_away: bool) -> None:
    stream = Stream([chunk(0, 1), chunk(0, 2), chunk(0, 3)])
    let_go: set[Message] = set()
    app = SimpleNamespace(consumer=SimpleNamespace(let_go=let_go.add), consumer_generation_id=7)
    for event in stream.waiting:
        event.app, event.message = app, Message(7)
    rounds: list[list[int]] = []

    async def take(found: Round) -> None:
        rounds.append([event.value.last_offset for event in found.events])
        if len(let_go) == len(stream.waiting):  # the rebalance waits for nothing more, and is over
            asyncio.get_running_loop().call_later(3 * ASK_SECONDS, stream.end.set)
            app.consumer_generation_id += taken_away
            if not taken_away:
                return await found.acknowledge()
        raise GivenUpError

    asyncio.run(asyncio.wait_for(gathered(stream, take, 2), 10))
    assert rounds == [[1, 2], [1, 2, 3], [1, 2, 3]]
    assert stream.acknowledged == ([] if taken_away else [(0, 1), (0, 2), (0, 3)])


def test_what_is_taken_twice_is_acknowledged_by_the_second_and_the_first_does_not_wait() -> None:
    stream, all_taken = Stream([chunk(0, 1), chunk(0, 2), chunk(0, 3)]), asyncio.Event()
    first_took: list[list[int]] = []
    second_took: list[list[int]] = []

    async def first(found: Round) -> None:
        first_took.append([each.last_offset for each in found.chunks])
        await found.acknowledge()
        if len(first_took) == len(stream.waiting):
            all_taken.set()

    async def second(found: Round) -> None:
        assert found.events[0].value.last_offset > len(stream.acknowledged)
        await all_taken.wait()  # the first goes through all of them meanwhile
        second_took.append([each.last_offset for each in found.chunks])
        await found.acknowledge()
        if len(stream.acknowledged) == len(stream.waiting):
            stream.end.set()

    asyncio.run(asyncio.wait_for(gathered_twice(stream, first, second, 1), 5))
    assert first_took == [[1], [2], [3]]
    assert stream.acknowledged == [(0, 1), (0, 2), (0, 3)]
    assert second_took[0] == [1]


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_failure_of_either_stops_the_agent_and_acknowledges_nothing(which: str) -> None:
    async def run() -> None:
        stream = Stream([chunk(0, 1)])

        async def fail(found: Round) -> None:
            raise ZeroDivisionError

        async def passes(found: Round) -> None:
            await found.acknowledge()

        steps = (fail, passes) if which == "first" else (passes, fail)
        with pytest.raises(ExceptionGroup) as failed:
            await asyncio.wait_for(gathered_twice(stream, *steps, 100), 5)
        assert failed.group_contains(ZeroDivisionError)
        assert stream.acknowledged == []

    asyncio.run(run())
