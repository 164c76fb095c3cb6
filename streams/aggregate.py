"""The `aggregate` agent's work: each touched cell of a chunk is counted anew, once."""

import asyncio
from collections.abc import Collection
from datetime import date

from huanxin.settings import Settings
from streams.metrics import RECOMPUTE_SECONDS, RECOMPUTED
from streams.retry import forever
from streams.touched import unpack
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.daily import recompute_days


class Aggregator:
    """Recomputes mart.daily's cells. The version of a recompute is the offset of the last message that asked for it."""

    def __init__(self, settings: Settings) -> None:
        self.client = connect(settings, "worker")

    async def process(self, chunk: Chunk) -> None:
        """Return once every touched cell of the chunk is counted anew."""
        for event_type, days in unpack(record.value for record in chunk.records).items():
            async for attempt in forever("recompute", stream=event_type, offset=chunk.last_offset):
                with attempt:
                    await asyncio.to_thread(self._recompute, event_type, days, chunk.last_offset)

    def _recompute(self, event_type: str, days: Collection[date], version: int) -> None:
        with RECOMPUTE_SECONDS.time():
            recompute_days(self.client, event_type, days, version)
        RECOMPUTED.labels(event_type).inc(len(days))
