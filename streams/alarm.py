"""The workers' alarms: counted, logged and kept in ops.alarm until a person clears them. Nothing is skipped silently."""

import asyncio
from collections import defaultdict, deque
from datetime import UTC, datetime

import structlog
from clickhouse_driver import Client
from faust.types import TP

from streams.metrics import ALARMS, STOPPED
from streams.retry import forever
from streams.transport import Chunk
from warehouse.alarms import Alarm, let_through, raise_alarm

log = structlog.get_logger()
WINDOW = 1000
"""Records of a partition over which the share of dead letters is taken, or a whole chunk where that is larger."""
POLL_SECONDS = 1.0


class Alarms:
    """One agent's alarms; they go over the agent's own connection, between its inserts."""

    def __init__(self, client: Client, dead_letter_limit: float) -> None:
        self.client = client
        self.limit = dead_letter_limit
        self._recent: defaultdict[TP, deque[tuple[int, int]]] = defaultdict(deque)
        self._decided: dict[TP, int] = {}
        """Up to which offset a person let dead letters through."""

    async def offsets_lost(self, chunk: Chunk, advice: str) -> None:
        """Say so where offsets between what was read before and this chunk are gone from Kafka; then go on."""
        if chunk.missing:
            first = chunk.first_offset - chunk.missing
            await self._raise(
                "offsets_lost",
                chunk,
                first,
                chunk.first_offset - 1,
                f"{chunk.missing} messages were gone from Kafka before they were read: {advice}. Check the topic's retention, "
                "then clear this alarm.",
            )

    async def dead_letters(self, chunk: Chunk, dead: int) -> None:
        """Return where the chunk may become stored rows and dead letters.

        Where more than the limit's share of the last records of the partition are dead letters, that is no bad record but a
        bad batch, or a fault of ours: the chunk stays unacknowledged until a person clears the alarm, or until the worker is
        started again with what mends it (a schema, the limit).
        """
        here = TP(chunk.topic, chunk.partition)
        if chunk.last_offset <= self._decided.get(here, -1):
            return
        records, letters = self._share(here, len(chunk.records), dead)
        if letters <= self.limit * records or await self._let_through(chunk):
            return
        last = max(chunk.last_offset, chunk.end_offset - 1)
        await self._raise(
            "dead_letters",
            chunk,
            chunk.first_offset,
            last,
            f"{letters} of the last {records} messages cannot be landed, more than the limit of {self.limit:.0%}: the "
            f"partition stands still. Correct the cause and start the workers again, or clear this alarm: then all "
            f"up to offset {last} is landed, and what cannot be becomes dead letters.",
        )
        STOPPED.labels(chunk.topic, chunk.partition).set(1)
        while not await self._let_through(chunk):  # noqa: ASYNC110  the event is a row of a table
            await asyncio.sleep(POLL_SECONDS)
        STOPPED.labels(chunk.topic, chunk.partition).set(0)

    def _share(self, here: TP, records: int, dead: int) -> tuple[int, int]:
        """Records and dead letters of the partition's window, the chunk included."""
        recent = self._recent[here]
        recent.append((records, dead))
        while len(recent) > 1 and sum(count for count, _ in recent) - recent[0][0] >= WINDOW:
            recent.popleft()
        return max(WINDOW, sum(count for count, _ in recent)), sum(count for _, count in recent)

    async def _let_through(self, chunk: Chunk) -> bool:
        """Whether a person has decided about this chunk."""
        since = datetime.fromtimestamp(chunk.records[0].timestamp / 1000, UTC)
        decided = -1
        async for attempt in forever("alarm", topic=chunk.topic, partition=chunk.partition):
            with attempt:
                decided = await asyncio.to_thread(let_through, self.client, chunk.topic, chunk.partition, since)
        if decided < chunk.last_offset:
            return False
        here = TP(chunk.topic, chunk.partition)
        self._decided[here] = decided
        self._recent[here].clear()
        return True

    async def _raise(self, kind: str, chunk: Chunk, first: int, last: int, detail: str) -> None:
        alarm = Alarm(kind, chunk.topic, chunk.partition, first, last, detail)  # type: ignore[arg-type]
        ALARMS.labels(kind, chunk.topic).inc()
        log.error("alarm", kind=kind, topic=chunk.topic, partition=chunk.partition, first=first, last=last, detail=detail)
        async for attempt in forever("alarm", topic=chunk.topic, partition=chunk.partition):
            with attempt:
                await asyncio.to_thread(raise_alarm, self.client, alarm)
