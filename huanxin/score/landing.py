"""Lands a simulated folder straight into a warehouse, through the intake and the lander of the platform, without Kafka between.

What is the same: reading files, validating, ids, pseudonyms, landing tables, materialised views. What is not there: topics,
acknowledgement, the ledger, marts. A round takes a minute instead of ten.
"""

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from clickhouse_driver import Client

from huanxin.settings import Settings
from ingest.accept import Intake, RecentlySeen, owned, read_envelope
from ingest.files.take_in import files_of, take_in
from ingest.prepare import Prepared, Preparer
from ingest.sources import Source, sources
from schemas.catalogue import event_types
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.land import Lander
from warehouse.store import insert_events

_CHUNK = 20_000


class Record(NamedTuple):
    """What the lander needs of a Kafka record."""

    value: bytes
    offset: int
    timestamp: int
    """Milliseconds: when it arrived."""


@dataclass(slots=True)
class Collected:
    """A publisher that keeps what it is given."""

    events: list[Prepared] = field(default_factory=list)

    def send(self, events: Sequence[Any]) -> "Future[None]":
        self.events += events
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def poll(self, seconds: float) -> None:
        """Nothing is ever under way."""

    def publish(self, events: Sequence[Any]) -> None:
        self.events += events

    def ready(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing to release."""


def collect(settings: Settings, folder: Path) -> list[Prepared]:
    """Every event that the intake accepts from the folder's files, in their order."""
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    skew = timedelta(seconds=settings.clock_skew_seconds)
    intake = Intake(Preparer(identifier, sources(), skew), collected := Collected(), RecentlySeen())
    for source in sources().values():
        for file in files_of(folder / source.id) if (folder / source.id).exists() else ():
            if source.surface == "http":
                _post(intake, file, source)
            else:
                take_in(intake, file, source)
    return collected.events


def _post(intake: Intake, file: Path, source: Source) -> None:
    lines = file.read_bytes().splitlines()
    for start in range(0, len(lines), _CHUNK):
        intake.accept([owned(read_envelope(line), source) for line in lines[start : start + _CHUNK]])


def shuffled(events: Sequence[Prepared], seed: int) -> list[Prepared]:
    """The events in another order of arrival."""
    order = list(events)
    random.Random(seed).shuffle(order)
    return order


def land(settings: Settings, client: Client, events: Sequence[Any]) -> None:
    """Store all events in this order of arrival."""
    for _ in land_in_chunks(settings, client, events, _CHUNK):
        pass


def land_in_chunks(
    settings: Settings, client: Client, events: Sequence[Prepared], size: int
) -> Iterator[list[tuple[str, date, bytes]]]:
    """Store the events chunk by chunk; yields after each chunk the documents it held: stream, day and id."""
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    seal = Seal(bytes.fromhex(settings.secrets.seal_key))
    landers = {name: Lander(model, identifier, seal) for name, model in event_types().items()}
    arrived, offset = int(time.time() * 1000) - len(events), 0
    for start in range(0, len(events), size):
        by_type: defaultdict[str, list[Record]] = defaultdict(list)
        chunk = events[start : start + size]
        for event in chunk:
            by_type[event.event_type].append(Record(event.value, offset, arrived + offset))
            offset += 1
        for event_type, records in by_type.items():
            landing = landers[event_type].land(f"huanxin.{event_type}", 0, records)
            if landing.dead_letters:
                raise ValueError(f"{event_type}: the lander refuses what the intake accepted: {landing.dead_letters[0].row}")
            insert_events(client, event_types()[event_type], landing.columns)
        yield [(event.event_type, event.event_id.day, event.event_id.document) for event in chunk]
