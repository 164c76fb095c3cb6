"""The one publisher: whatever way an event came in, it reaches Kafka here and is accepted once Kafka has acknowledged it.

Delivery to Kafka is at least once (idempotent producer, acks=all); the effect is exactly once, because ids decide.
librdkafka gathers what concurrent requests send within five milliseconds into one request to the broker, outside the
interpreter: a tenth of what a producer in Python costs.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Any, Protocol

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer

from huanxin.errors import UnavailableError

log = structlog.get_logger()

MAX_MESSAGE_BYTES = 1_000_000
MAX_WAITING_BYTES = 256 * 1024 * 1024
"""What the producer holds while Kafka does not answer; beyond it an event is refused instead of kept."""


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

    def send(self, events: Sequence[Record]) -> "Future[None]":
        """Hand over without waiting. A later `poll` ends the future: Kafka holds all, or UnavailableError."""

    def poll(self, seconds: float) -> None:
        """End the futures of what has been acknowledged, or given up; wait so long for the first."""

    def publish(self, events: Sequence[Record]) -> None:
        """Return once Kafka holds all events. Raises UnavailableError where it does not answer: then any may be missing."""

    def ready(self) -> bool:
        """Whether Kafka answers right now."""

    def close(self) -> None:
        """Wait for what is under way, then release the connection."""


class KafkaPublisher:
    """The publisher on librdkafka's idempotent producer; any thread may send. Connects by itself, and again after a loss."""

    def __init__(self, bootstrap: str, timeout_seconds: float = 15.0) -> None:
        self._timeout = timeout_seconds
        self._config = {
            "bootstrap.servers": bootstrap,
            "client.id": "huanxin-ingest",
            "acks": "all",
            "enable.idempotence": True,
            "partitioner": "murmur2",  # what every other client does with a key, so that a document stays in its partition
            "compression.type": "lz4",
            "linger.ms": 5,
            "batch.size": 512 * 1024,
            "message.max.bytes": MAX_MESSAGE_BYTES,
            "message.timeout.ms": int(timeout_seconds * 1000),
            "queue.buffering.max.messages": 1_000_000,
            "queue.buffering.max.kbytes": MAX_WAITING_BYTES // 1024,
            "reconnect.backoff.max.ms": 1000,
            "socket.keepalive.enable": True,
            "logger": _Quiet(),
        }
        self._broken = False
        self._polling = Lock()
        self._producer = self._connect()

    def send(self, events: Sequence[Record]) -> "Future[None]":
        if self._broken:  # the client says that this producer can no longer be used: nothing it still held was acknowledged
            self._producer, self._broken = self._connect(), False
        delivery = _Delivery(len(events))
        produce = self._producer.produce
        try:
            for event in events:
                produce(event.topic, event.value, event.key, on_delivery=delivery)
        except BufferError:
            delivery.fail("too much waits for Kafka already")
        except KafkaException as error:
            self._note(error.args[0])
            delivery.fail(str(error.args[0]))
        return delivery.future

    def poll(self, seconds: float) -> None:
        with self._polling:
            self._producer.poll(seconds)

    def publish(self, events: Sequence[Record]) -> None:
        future = self.send(events)
        while not future.done():
            self.poll(0.02)
        future.result()

    def ready(self) -> bool:
        try:
            self._producer.list_topics(timeout=1)
        except KafkaException:
            return False
        return True

    def close(self) -> None:
        self._producer.flush(self._timeout)

    def _connect(self) -> Producer:
        return Producer({**self._config, "error_cb": self._note})

    def _note(self, error: KafkaError) -> None:
        if error.fatal():
            log.error("the Kafka producer is replaced", error=str(error))
            self._broken = True


class _Delivery:
    """Counts the acknowledgements of what was sent together, one call for each event; polls come one at a time."""

    __slots__ = ("_failed", "_left", "future")

    def __init__(self, count: int) -> None:
        self.future: Future[None] = Future()
        self.future.set_running_or_notify_cancel()  # whoever waits may give up; what was sent is sent
        self._left = count
        self._failed: KafkaError | None = None
        if count == 0:
            self.future.set_result(None)

    def __call__(self, error: KafkaError | None, _message: Any) -> None:
        self._left -= 1
        self._failed = self._failed or error
        if self._left == 0:
            if self._failed is None:
                self.future.set_result(None)
            else:
                self.fail(self._failed.str())

    def fail(self, why: str) -> None:
        """End the future with the advice to send the same again."""
        self.future.set_exception(UnavailableError(f"Kafka has not acknowledged: {why}; send the same events again"))


class _Quiet:
    """Takes librdkafka's own log lines: what they say of a lost connection, our errors say with advice."""

    def log(self, *_: Any) -> None:
        """Drop one line."""
