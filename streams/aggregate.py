"""The `aggregate` agent's work: each touched cell of what came meanwhile is counted anew, once.

First the cells of mart.daily; facets follow in rounds of their own, so that the next days do not wait for them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from clickhouse_driver import Client

from huanxin.settings import Settings
from schemas.catalogue import TOUCHED_CELLS
from streams.alarm import Alarms
from streams.metrics import RECOMPUTE_SECONDS, RECOMPUTED
from streams.retry import forever
from streams.touched import pack, unpack, version
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.daily import recompute_days
from warehouse.facets import recompute_facets

Recompute = Callable[[Client, str, Mapping[date, int]], None]

MOST_DAYS = 100
"""Days of a stream that one statement counts. Most of a few days' cost is the statement's, so all partitions' go together."""


class Aggregator:
    """Recomputes touched cells. The version of a recompute is that of the last message that asked for it."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.client, self.facets_client = connect(settings, "worker"), connect(settings, "worker")  # used at the same time
        self.alarms = Alarms(self.client, settings.dead_letter_limit)

    async def days(self, chunks: Sequence[Chunk]) -> None:
        """Return once every cell of mart.daily that the chunks, of one partition each, touched is counted anew."""
        for chunk in chunks:
            await self.alarms.offsets_lost(
                chunk, "cells that they touched may be stale: huanxin rebuild counts all of them anew"
            )
        for event_type, days in (await self._count(recompute_days, self.client, chunks)).items():
            RECOMPUTED.labels(event_type).inc(len(days))

    async def facets(self, chunks: Sequence[Chunk]) -> None:
        """The same of mart.facet's."""
        await self._count(recompute_facets, self.facets_client, chunks)

    async def _count(self, recompute: Recompute, client: Client, chunks: Sequence[Chunk]) -> Mapping[str, Mapping[date, int]]:
        async for attempt in forever("partitions", topic=TOUCHED_CELLS):
            with attempt:  # asked anew each time: a count from before a growth would give its cells two homes
                partitions = await self.app.producer.partitions(TOUCHED_CELLS, fresh=True)
        asked: defaultdict[str, dict[date, int]] = defaultdict(dict)
        for chunk in chunks:
            here, elsewhere = unpack((record.value for record in chunk.records), partitions)
            for event_type, days in elsewhere.items():  # by days and by facets each: a message more does no harm
                await self._send_on(event_type, days, partitions)
            for event_type, days in here.items():
                asked[event_type] |= dict.fromkeys(days, version(partitions, chunk.last_offset))
        for event_type, versions in asked.items():
            cells = sorted(versions.items())
            for start in range(0, len(cells), MOST_DAYS):
                part = dict(cells[start : start + MOST_DAYS])
                async for attempt in forever("recompute", stream=event_type, days=len(part)):
                    with attempt, RECOMPUTE_SECONDS.time():
                        await asyncio.to_thread(recompute, client, event_type, part)
        return asked

    async def _send_on(self, event_type: str, days: Collection[date], partitions: int) -> None:
        for partition, value in pack(event_type, days, partitions).items():
            async for attempt in forever("send", topic=TOUCHED_CELLS):
                with attempt:
                    await self.app.producer.send_and_wait(TOUCHED_CELLS, None, value, partition, None, None)
