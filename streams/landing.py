"""The `land` agent's work on one chunk: insert, then dead letters, then touched cells; the caller acknowledges after that."""

import asyncio
import time
from typing import Any

import structlog

from huanxin.settings import Settings
from schemas.catalogue import TOUCHED_CELLS, dead_letter_topic
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.land import DeadLetter, Lander, Landing
from streams.metrics import AGE_SECONDS, CHUNK_EVENTS, DEAD_LETTERS, LAND_SECONDS, LANDED
from streams.retry import forever
from streams.touched import pack
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.store import insert_dead_letters, insert_events, insert_ledger

log = structlog.get_logger()


class LandingAgent:
    """Lands the chunks of one event type. Every step may be repeated: keys make the effect exactly once."""

    def __init__(self, app: Any, settings: Settings, model: type[EventData], identifier: Identifier, seal: Seal) -> None:
        self.app = app
        self.settings = settings
        self.model = model
        self.lander = Lander(model, identifier, seal)
        self.client = connect(settings, "worker")

    async def process(self, chunk: Chunk) -> None:
        """Return once everything that the chunk comes to is durable."""
        started = time.monotonic()
        landing = await asyncio.to_thread(self.lander.land, chunk.topic, chunk.partition, chunk.records)
        async for attempt in forever("insert", topic=chunk.topic, partition=chunk.partition, offset=chunk.first_offset):
            with attempt:
                await asyncio.to_thread(self._insert, landing)
        await self._send_dead_letters(chunk, landing.dead_letters)
        await self._send_touched(landing)
        self._measure(chunk, landing, started)

    def _insert(self, landing: Landing) -> None:
        if landing.columns:
            insert_events(self.client, self.model, landing.columns)
        if landing.dead_letters:
            insert_dead_letters(self.client, [letter.row for letter in landing.dead_letters])
        insert_ledger(self.client, landing.ledger)

    async def _send_dead_letters(self, chunk: Chunk, letters: list[DeadLetter]) -> None:
        for letter in letters:
            key = f"{chunk.topic}/{chunk.partition}/{letter.row[2]}".encode()
            await self._send(dead_letter_topic(self.model.event_type), key, letter.sealed, None)

    async def _send_touched(self, landing: Landing) -> None:
        for partition, value in pack(self.model.event_type, landing.days, self.settings.partitions).items():
            await self._send(TOUCHED_CELLS, None, value, partition)

    async def _send(self, topic: str, key: bytes | None, value: bytes, partition: int | None) -> None:
        async for attempt in forever("send", topic=topic):
            with attempt:
                await self.app.producer.send_and_wait(topic, key, value, partition, None, None)

    def _measure(self, chunk: Chunk, landing: Landing, started: float) -> None:
        event_type = self.model.event_type
        CHUNK_EVENTS.labels(event_type).observe(len(chunk.records))
        LANDED.labels(event_type).inc(len(chunk.records) - len(landing.dead_letters))
        LAND_SECONDS.labels(event_type).observe(time.monotonic() - started)
        AGE_SECONDS.labels(event_type).observe(max(0.0, time.time() - chunk.records[0].timestamp / 1000))
        for letter in landing.dead_letters:
            DEAD_LETTERS.labels(event_type, letter.reason).inc()
        if landing.dead_letters:
            log.warning("dead letters", topic=chunk.topic, partition=chunk.partition, count=len(landing.dead_letters))
