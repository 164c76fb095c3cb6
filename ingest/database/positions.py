"""How far each polled table has been read: kept in Kafka beside the events, in a compacted topic.

A position is written only after Kafka has acknowledged the events before it. A crash between the two reads some rows again,
which has no effect.
"""

from datetime import datetime
from typing import NamedTuple

from kafka import KafkaConsumer, TopicPartition

from ingest.publisher import KafkaPublisher
from schemas.catalogue import POSITIONS


class Position(NamedTuple):
    """A source's watermark, as Kafka is given it."""

    source: str
    watermark: datetime

    @property
    def topic(self) -> str:
        """The topic of all positions."""
        return POSITIONS

    @property
    def key(self) -> bytes:
        """Compaction keeps the last one of each source."""
        return self.source.encode()

    @property
    def value(self) -> bytes:
        """ISO 8601."""
        return self.watermark.isoformat().encode()


class Positions:
    """Reads and writes positions on the real Kafka."""

    def __init__(self, bootstrap: str, publisher: KafkaPublisher) -> None:
        self._bootstrap = bootstrap
        self._publisher = publisher

    def get(self, source: str) -> datetime | None:
        """The last position written, None where the source has never been read."""
        consumer = KafkaConsumer(bootstrap_servers=self._bootstrap, group_id=None, enable_auto_commit=False)
        try:
            partitions = [TopicPartition(POSITIONS, number) for number in consumer.partitions_for_topic(POSITIONS) or ()]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
            found = None
            while any(consumer.position(tp) < end for tp, end in ends.items()):
                for records in consumer.poll(timeout_ms=500).values():
                    for record in records:
                        if record.key == source.encode():
                            found = datetime.fromisoformat(record.value.decode())
            return found
        finally:
            consumer.close()

    def put(self, source: str, watermark: datetime) -> None:
        """Return once Kafka holds it."""
        self._publisher.publish([Position(source, watermark)])
