"""The one publisher: whatever way an event came in, it reaches Kafka here and is accepted once Kafka has acknowledged it.

Delivery to Kafka is at least once (idempotent producer, acks=all); the effect is exactly once, because ids decide.
"""

import socket
from collections.abc import Sequence
from typing import Protocol

from kafka import KafkaProducer
from kafka.errors import KafkaError

from huanxin.errors import UnavailableError
from ingest.prepare import Prepared

MAX_MESSAGE_BYTES = 1_000_000


class Record(Protocol):
    """What Kafka is given of an event."""

    @property
    def topic(self) -> str: ...

    @property
    def key(self) -> bytes: ...

    @property
    def value(self) -> bytes: ...


class Publisher(Protocol):
    """What the ways in need of a publisher; the real one and the tests' fake keep the same contract."""

    def publish(self, events: Sequence[Prepared]) -> None:
        """Return once Kafka holds all events. Raises UnavailableError where it does not answer: then any may be missing."""

    def ready(self) -> bool:
        """Whether Kafka is reached right now."""

    def close(self) -> None:
        """Wait for what is under way, then release the connection."""


class KafkaPublisher:
    """The publisher on kafka-python's idempotent producer."""

    def __init__(self, bootstrap: str, timeout_seconds: float = 15.0) -> None:
        self._bootstrap = bootstrap
        self._timeout = timeout_seconds
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=bootstrap,
                client_id="huanxin-ingest",
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                linger_ms=2,
                batch_size=262_144,
                max_request_size=4 * MAX_MESSAGE_BYTES,
                delivery_timeout_ms=int(timeout_seconds * 1000),
                request_timeout_ms=int(timeout_seconds * 1000) // 2,
                max_block_ms=int(timeout_seconds * 1000),
            )
        except KafkaError as error:
            raise UnavailableError(f"Kafka at {bootstrap} does not answer: {error!r}") from error

    def publish(self, events: Sequence[Record]) -> None:
        try:
            futures = [self._producer.send(event.topic, key=event.key, value=event.value) for event in events]
            for future in futures:
                future.get(timeout=self._timeout)
        except KafkaError as error:
            raise UnavailableError(f"Kafka has not acknowledged: {error!r}; send the same events again") from error

    def ready(self) -> bool:
        host, _, port = self._bootstrap.partition(":")
        try:  # the producer says nothing of its connection while it is idle
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        self._producer.close(timeout=self._timeout)
