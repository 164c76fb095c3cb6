"""The `aggregate` agent's work: each touched cell of what came meanwhile is counted anew, once a partition."""

import asyncio
from collections.abc import Callable, Collection, Sequence
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

Recompute = Callable[[Client, str, Collection[date], int], None]


class Aggregator:
    """Recomputes mart.daily's cells. The version of a recompute is that of the last message that asked for it."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.client = connect(settings, "worker")
        self.alarms = Alarms(self.client, settings.dead_letter_limit)

    async def process(self, chunks: Sequence[Chunk]) -> None:
        """Return once every touched cell of the chunks, of one partition each, is counted anew: those of mart.daily first."""
        async for attempt in forever("partitions", topic=TOUCHED_CELLS):
            with attempt:  # asked anew each time: a count from before a growth would give its cells two homes
                partitions = await self.app.producer.partitions(TOUCHED_CELLS, fresh=True)
        touched = []
        for chunk in chunks:
            await self.alarms.offsets_lost(
                chunk, "cells that they touched may be stale: huanxin rebuild counts all of them anew"
            )
            here, elsewhere = unpack((record.value for record in chunk.records), partitions)
            for event_type, days in elsewhere.items():
                await self._send_on(event_type, days, partitions)
            touched += [(event_type, days, version(partitions, chunk.last_offset)) for event_type, days in here.items()]
        for recompute in (recompute_days, recompute_facets):
            for event_type, days, asked in touched:
                async for attempt in forever("recompute", stream=event_type, version=asked):
                    with attempt:
                        await asyncio.to_thread(self._recompute, recompute, event_type, days, asked)
        for event_type, days, _ in touched:
            RECOMPUTED.labels(event_type).inc(len(days))

    async def _send_on(self, event_type: str, days: Collection[date], partitions: int) -> None:
        for partition, value in pack(event_type, days, partitions).items():
            async for attempt in forever("send", topic=TOUCHED_CELLS):
                with attempt:
                    await self.app.producer.send_and_wait(TOUCHED_CELLS, None, value, partition, None, None)

    def _recompute(self, recompute: Recompute, event_type: str, days: Collection[date], asked: int) -> None:
        with RECOMPUTE_SECONDS.time():
            recompute(self.client, event_type, days, asked)
