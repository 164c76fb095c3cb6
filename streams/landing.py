"""The `land` agent's work: insert, then dead letters, then touched cells, then acknowledge."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog

from huanxin.settings import Settings
from schemas.catalogue import TOUCHED_CASES, TOUCHED_CELLS, dead_letter_topic
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.alarm import Alarms
from streams.dead_letter import DeadLetter
from streams.gather import Round, gathered
from streams.land import Lander, Landing, together
from streams.metrics import AGE_SECONDS, CHUNK_EVENTS, DEAD_LETTERS, LAND_SECONDS, LANDED
from streams.retry import forever
from streams.touched import pack
from streams.touched_cases import PARTITION, pack_documents
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.store import insert_dead_letters, insert_events, insert_ledger

log = structlog.get_logger()


class LandingAgent:
    """Lands the chunks of one event type. Every step may be repeated: keys make the effect exactly once."""

    def __init__(self, app: Any, settings: Settings, model: type[EventData], identifier: Identifier, seal: Seal) -> None:
        self.app = app
        self.model = model
        self.lander = Lander(model, identifier, seal)
        self.most = settings.chunk_events
        self.client = connect(settings, "worker")
        self.alarms = Alarms(self.client, settings.dead_letter_limit)

    async def run(self, stream: Any) -> None:
        """Land what comes in rounds: while one is inserted, the next is validated.

        For each: insert → dead letters → touched cells, documents → acknowledge. A round is acknowledged after the one before.
        """
        before: asyncio.Task[None] | None = None

        async def take(found: Round) -> None:
            nonlocal before
            started, chunks = time.monotonic(), found.chunks
            landing, letters = await asyncio.to_thread(self._land, chunks)
            if before:
                await before
            before = group.create_task(self._store(found, chunks, landing, letters, started))

        async with asyncio.TaskGroup() as group:  # a bug in either half stops the agent, and with it the worker
            await gathered(stream, take, self.most)

    def _land(self, chunks: Sequence[Chunk]) -> tuple[Landing, list[int]]:
        """What a round comes to as one block, and how many dead letters are each chunk's."""
        landings = [self.lander.blocks(chunk.topic, chunk.partition, chunk.records) for chunk in chunks]
        letters = [sum(len(part.dead_letters) for part in parts) for parts in landings]
        return together([part for parts in landings for part in parts]), letters

    async def _store(
        self, found: Round, chunks: Sequence[Chunk], landing: Landing, letters: Sequence[int], started: float
    ) -> None:
        for chunk, count in zip(chunks, letters, strict=True):
            await self.alarms.offsets_lost(chunk, "let the sources send them again: what is there already has no second effect")
            await self.alarms.dead_letters(chunk, count)
        token = "+".join(map(insert_token, chunks, letters))
        async for attempt in forever("insert", ranges=token):
            with attempt:
                await asyncio.to_thread(self._insert, landing, token)
        await self._send_dead_letters(landing.dead_letters)
        await self._send_touched(landing)
        await self._send_documents(landing)
        await found.acknowledge()
        for chunk, count in zip(chunks, letters, strict=True):
            self._measure(chunk, count, started)
        for letter in landing.dead_letters:
            DEAD_LETTERS.labels(self.model.event_type, letter.reason).inc()

    def _insert(self, landing: Landing, token: str) -> None:
        if landing.columns:
            insert_events(self.client, self.model, landing.columns, token=token)
        if landing.dead_letters:
            insert_dead_letters(self.client, [letter.row for letter in landing.dead_letters])
        insert_ledger(self.client, landing.ledger, token=token)

    async def _send_dead_letters(self, letters: list[DeadLetter]) -> None:
        for letter in letters:
            await self._send(dead_letter_topic(self.model.event_type), letter.place.encode(), letter.sealed, None)

    async def _send_touched(self, landing: Landing) -> None:
        partitions = await self.app.producer.partitions(TOUCHED_CELLS)
        for partition, value in pack(self.model.event_type, landing.days, partitions).items():
            await self._send(TOUCHED_CELLS, None, value, partition)

    async def _send_documents(self, landing: Landing) -> None:
        if landing.columns:
            for value in pack_documents(self.model.event_type, landing.columns["day"], landing.columns["id"]):
                await self._send(TOUCHED_CASES, None, value, PARTITION)

    async def _send(self, topic: str, key: bytes | None, value: bytes, partition: int | None) -> None:
        async for attempt in forever("send", topic=topic):
            with attempt:
                await self.app.producer.send_and_wait(topic, key, value, partition, None, None)

    def _measure(self, chunk: Chunk, dead_letters: int, started: float) -> None:
        event_type = self.model.event_type
        CHUNK_EVENTS.labels(event_type).observe(len(chunk.records))
        LANDED.labels(event_type).inc(len(chunk.records) - dead_letters)
        LAND_SECONDS.labels(event_type).observe(time.monotonic() - started)
        AGE_SECONDS.labels(event_type).observe(max(0.0, time.time() - chunk.records[0].timestamp / 1000))
        if dead_letters:
            log.warning("dead letters", topic=chunk.topic, partition=chunk.partition, count=dead_letters)


def insert_token(chunk: Chunk, dead_letters: int) -> str:
    """Equal for the same records taken again, and for nothing else.

    The first record's append time tells the offsets of a topic deleted and made anew from those before; the number of dead
    letters, a replay under other rules.
    """
    incarnation = chunk.records[0].timestamp
    where = f"{chunk.topic}/{chunk.partition}/{chunk.first_offset}-{chunk.last_offset}"
    return f"{where}/{incarnation}/{dead_letters}"
