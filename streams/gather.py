"""What came meanwhile, taken at once: one chunk for each partition.

What waits in an agent's stream was cut when it came, a few messages each. Taken one after another, each would wait for a whole
insert, recompute or judgement of those before it, although one serves them all.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from streams.retry import GivenUpError
from streams.transport import Chunk

MOST = 200
"""Chunks that may wait; beyond it the stream waits, and Kafka keeps the rest."""
ASK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Round:
    """What an agent takes at a time."""

    stream: Any
    events: Sequence[Any]

    @property
    def chunks(self) -> list[Chunk]:
        """One for each partition; records of a log that was made anew meanwhile are not put together with the old one's."""
        logs: defaultdict[tuple[int, int], list[Chunk]] = defaultdict(list)
        for event in self.events:
            logs[event.value.partition, event.value.log].append(event.value)
        return [one(chunks) for chunks in logs.values()]

    async def acknowledge(self) -> None:
        """To be called once the round's effect is durable."""
        for event in self.events:
            await self.stream.ack(event)

    def let_go(self) -> None:
        """A rebalance, or the worker's end, need not wait for it any longer."""
        for event in self.events:
            event.app.consumer.let_go(event.message)

    def left(self) -> list[Any]:
        """What a rebalance did not take: the rest is delivered again, here or elsewhere."""
        return [event for event in self.events if event.message.generation_id == event.app.consumer_generation_id]


def in_turn(
    process: Callable[[Sequence[Chunk]], Awaitable[None]], pause: Callable[[float], float]
) -> Callable[[Round], Awaitable[None]]:
    """Takes a round whole: process, acknowledge, then wait for `pause` of the seconds that took, while more gathers.

    `pause` is asked again while it waits, since what it depends on may change.
    """

    async def take(found: Round) -> None:
        started = time.monotonic()
        await process(found.chunks)
        await found.acknowledge()
        ended = time.monotonic()
        while (left := ended + pause(ended - started) - time.monotonic()) > 0:  # noqa: ASYNC110  nothing says when it changes
            await asyncio.sleep(min(left, ASK_SECONDS))

    return take


async def gathered(stream: Any, take: Callable[[Round], Awaitable[None]], most_records: int) -> None:
    """Hand over what has come since the last time, again and again, until the stream ends.

    No more is read while `most_records` wait, so that in a backlog a round is not larger than a fetch. What was given up is let
    go, and taken again unless a rebalance took its partition.
    """
    waiting: list[Any] = []
    given_up: list[Any] = []
    changed = asyncio.Condition()

    async def work() -> None:
        while True:
            async with changed:
                await changed.wait_for(lambda: waiting or given_up)
                found = Round(stream, (*given_up, *waiting))
                given_up.clear()
                waiting.clear()
                changed.notify_all()
            try:
                await take(found)
            except GivenUpError:
                found.let_go()
                await asyncio.sleep(ASK_SECONDS)
                given_up.extend(found.left())

    def room() -> bool:
        return len(waiting) < MOST and sum(len(event.value.records) for event in waiting) < most_records

    async with asyncio.TaskGroup() as group:  # a bug in either half stops the agent, and with it the worker
        worker = group.create_task(work())
        try:
            async for event in stream.events():
                async with changed:
                    await changed.wait_for(room)
                    waiting.append(event)
                    changed.notify_all()
        finally:
            worker.cancel()


async def gathered_twice(
    stream: Any, first: Callable[[Round], Awaitable[None]], then: Callable[[Round], Awaitable[None]], most_records: int
) -> None:
    """Hand over what has come, and what `first` has acknowledged again to `then`, each at its own pace.

    Acknowledged to the stream is what `then` acknowledges.
    """
    between: asyncio.Queue[Any] = asyncio.Queue(MOST)

    async def handed_on() -> AsyncIterator[Any]:
        while True:
            yield await between.get()

    async with asyncio.TaskGroup() as group:
        later = group.create_task(gathered(_Half(handed_on, stream.ack), then, most_records))
        await gathered(_Half(stream.events, between.put), first, most_records)
        later.cancel()


@dataclass(frozen=True, slots=True)
class _Half:
    events: Callable[[], AsyncIterator[Any]]
    ack: Callable[[Any], Awaitable[None]]


def one(chunks: Sequence[Chunk]) -> Chunk:
    """Chunks of one partition, in order, as one."""
    if len(chunks) == 1:
        return chunks[0]
    records = [record for chunk in chunks for record in chunk.records]
    return replace(chunks[-1], records=records, missing=sum(chunk.missing for chunk in chunks))
