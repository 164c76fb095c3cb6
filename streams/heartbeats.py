"""The `heartbeat` agent's work: keeps each source's last heartbeat."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from pydantic import ValidationError

from huanxin.settings import Settings
from schemas.heartbeat import Heartbeat
from streams.metrics import HEARTBEAT
from streams.retry import forever
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.heartbeats import Beat, insert_heartbeats

log = structlog.get_logger()


class HeartbeatKeeper:
    """Stores the newest heartbeat of each source and way among those that came. Storing one again changes nothing."""

    def __init__(self, settings: Settings) -> None:
        self.client = connect(settings, "worker")

    async def process(self, chunks: Sequence[Chunk]) -> None:
        """Return once they are kept."""
        beats = newest(chunks)
        if not beats:
            return
        async for attempt in forever("heartbeat"):
            with attempt:
                await asyncio.to_thread(insert_heartbeats, self.client, beats)
        for beat in beats:
            HEARTBEAT.labels(beat.source, beat.surface).set(beat.received_at.timestamp())


def newest(chunks: Sequence[Chunk]) -> list[Beat]:
    """The last heartbeat of each source and way; what is none is logged and left out."""
    found: dict[tuple[str, str], Beat] = {}
    for chunk in chunks:
        for record in chunk.records:
            try:
                heard = Heartbeat.model_validate_json(record.value or b"")
            except ValidationError as error:
                log.warning("no heartbeat", topic=chunk.topic, partition=chunk.partition, offset=record.offset, why=error.title)
                continue
            beat = Beat(heard.source, heard.surface, datetime.fromtimestamp(record.timestamp / 1000, UTC))
            key = (beat.source, beat.surface)
            found[key] = max(beat, found.get(key, beat), key=lambda each: each.received_at)
    return list(found.values())
