"""Replays Kafka from its beginning into shadows of the landing tables, the ledger and the dead letters, then exchanges them.

The workers go on meanwhile: what they insert reaches the shadows too, and keys make either order come to the same rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from clickhouse_driver import Client
from kafka import KafkaConsumer, TopicPartition

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from schemas.catalogue import event_types, table, topic
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.land import Lander
from warehouse.shadow import Shadow
from warehouse.store import insert_dead_letters, insert_events, insert_ledger

LEDGER = Shadow("landing.ledger")
DEAD_LETTERS = Shadow("landing.dead_letter", volatile=("sealed",))
# Of two resends that arrived in one millisecond, either may stay.
RESENT = ("occurred_at", "reported_at", "kafka_partition", "kafka_offset")
Progress = Callable[[int, int], None]
"""Called with the messages read so far and in all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A table whose rows, read deduplicated, are not what Kafka says they should be; equal counts mean other contents."""

    table: str
    live_rows: int
    replayed_rows: int


@dataclass(frozen=True, slots=True)
class Replay:
    """Messages replayed, and where the live tables differed; exchanged unless it was a trial."""

    messages: int
    differences: tuple[Difference, ...]


def replay(settings: Settings, client: Client, progress: Progress, trial: bool = False) -> Replay:
    """Rebuild `landing` from Kafka. Raises ConfigurationError where a topic no longer holds its beginning.

    `trial` compares and leaves the live tables alone.
    """
    landing = {name: Shadow(f"landing.{table(name)}", RESENT) for name in event_types()}
    shadows = [*landing.values(), LEDGER, DEAD_LETTERS]
    for shadow in shadows:
        shadow.create(client)
    try:
        messages = _fill(settings, client, landing, progress)
        differences = [d for d in (_difference(client, shadow) for shadow in shadows) if d is not None]
        if not trial:
            for shadow in shadows:
                shadow.exchange(client)
    finally:
        for shadow in shadows:
            shadow.drop(client)
    return Replay(messages, tuple(differences))


def _fill(settings: Settings, client: Client, landing: dict[str, Shadow], progress: Progress) -> int:
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    seal = Seal(bytes.fromhex(settings.secrets.seal_key))
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=None,
        enable_auto_commit=False,
        max_poll_records=settings.chunk_events,
        fetch_max_bytes=16 * 1_048_576,
        max_partition_fetch_bytes=4 * 1_048_576,
    )
    try:
        ends = {name: _bounds(consumer, topic(name)) for name in event_types()}
        total, done = sum(sum(of_topic.values()) for of_topic in ends.values()), 0
        for name, model in event_types().items():
            lander = Lander(model, identifier, seal)
            for tp, records in _records(consumer, ends[name]):
                _land(client, lander, model, landing[name], tp, records)
                done += len(records)
                progress(done, total)
        return done
    finally:
        consumer.close()


def _bounds(consumer: Any, name: str) -> dict[TopicPartition, int]:
    """Partition → the offset after its last message now. What comes later reaches the shadows through the workers."""
    partitions = [TopicPartition(name, number) for number in sorted(consumer.partitions_for_topic(name) or ())]
    begins = consumer.beginning_offsets(partitions)
    gone = {tp.partition: begin for tp, begin in begins.items() if begin > 0}
    if gone:
        raise ConfigurationError(
            f"{name} no longer holds its beginning (first offsets {gone}): a replay would lose what Kafka has dropped. "
            "Restore the topic, or rebuild the marts only: huanxin rebuild --from landing"
        )
    ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)
    return {tp: end for tp, end in ends.items() if end > 0}


def _records(consumer: Any, ends: dict[TopicPartition, int]) -> Iterator[tuple[TopicPartition, list[Any]]]:
    """Each partition's records up to its end, a fetch at a time."""
    left = dict(ends)
    consumer.assign(list(left))
    consumer.seek_to_beginning(*left) if left else None
    while left:
        for tp, fetched in consumer.poll(timeout_ms=1000).items():
            records = [record for record in fetched if record.offset < ends[tp]]
            if records:
                yield tp, records
        for tp in [tp for tp in left if consumer.position(tp) >= ends[tp]]:
            del left[tp]
            consumer.pause(tp)


def _land(client: Client, lander: Lander, model: type[EventData], shadow: Shadow, tp: Any, records: list[Any]) -> None:
    landed = lander.land(tp.topic, tp.partition, records)
    if landed.columns:
        insert_events(client, model, landed.columns, shadow.name)
    if landed.dead_letters:
        insert_dead_letters(client, [letter.row for letter in landed.dead_letters], DEAD_LETTERS.name)
    insert_ledger(client, landed.ledger, LEDGER.name)


def _difference(client: Client, shadow: Shadow) -> Difference | None:
    live, replayed = shadow.digests(client)
    return Difference(shadow.table, live[0], replayed[0]) if live != replayed else None
