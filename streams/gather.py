"""For agents that recompute: all that came meanwhile, as one chunk a partition.

What waits in an agent's stream was cut when it came, a few messages each. Taken one after another, each would wait for a whole
recompute of those before it, although one recompute serves them all.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from streams.transport import Chunk

MOST = 200
"""Chunks that may wait; beyond it the stream waits, and Kafka keeps the rest."""


async def gathered(
    stream: Any, process: Callable[[Sequence[Chunk]], Awaitable[None]], pause: Callable[[float], Awaitable[None]]
) -> None:
    """Process what has come since the last time, acknowledge it, pause (told the seconds that took); until the stream ends."""
    waiting: asyncio.Queue[Any] = asyncio.Queue(MOST)

    async def work() -> None:
        while True:
            events = [await waiting.get()]
            while not waiting.empty():
                events.append(waiting.get_nowait())
            partitions: defaultdict[int, list[Any]] = defaultdict(list)
            for event in events:
                partitions[event.value.partition].append(event)
            started = time.monotonic()
            await process([one([event.value for event in of]) for of in partitions.values()])
            for event in events:
                await stream.ack(event)
            await pause(time.monotonic() - started)

    async with asyncio.TaskGroup() as group:  # a bug in either half stops the agent, and with it the worker
        worker = group.create_task(work())
        try:
            async for event in stream.events():
                await waiting.put(event)
        finally:
            worker.cancel()


def one(chunks: Sequence[Chunk]) -> Chunk:
    """Chunks of one partition, in order, as one."""
    records = [record for chunk in chunks for record in chunk.records]
    return replace(chunks[-1], records=records, missing=sum(chunk.missing for chunk in chunks))
