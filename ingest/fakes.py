"""Stand-ins for tests and trials without Kafka. They keep the contracts of what they stand for, and one test runs over both."""

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Event, Lock
from typing import Any

from huanxin.errors import UnavailableError
from ingest.publisher import Record


class FakePublisher:
    """A publisher that holds events in memory instead of in Kafka.

    `available = False` plays a broker that does not answer; clearing `acknowledging` plays one that is slow to acknowledge.
    """

    def __init__(self) -> None:
        self.held: list[Any] = []
        """What was published, in order; a resend is held again, as in Kafka."""
        self.available = True
        self.closed = False
        self.acknowledging = Event()
        self.acknowledging.set()
        self._lock = Lock()
        self._waiting: list[tuple[Future[None], Sequence[Record]]] = []

    def send(self, events: Sequence[Record]) -> "Future[None]":
        """Take the events; a poll holds them once `acknowledging` is set."""
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            self._waiting.append((future, events))
        return future

    def poll(self, seconds: float) -> None:
        """Hold what waits, or fail it while the fake is not available."""
        if not self.acknowledging.wait(seconds):
            return
        with self._lock:
            waiting, self._waiting = self._waiting, []
            for future, events in waiting:
                if self.available:
                    self.held.extend(events)
                    future.set_result(None)
                else:
                    why = "Kafka has not acknowledged: the fake is not available; send the same events again"
                    future.set_exception(UnavailableError(why))

    def publish(self, events: Sequence[Record]) -> None:
        """Hold the events once `acknowledging` is set. Raises UnavailableError while the fake is not available."""
        future = self.send(events)
        while not future.done():
            self.poll(0.02)
        future.result()

    def ready(self) -> bool:
        return self.available

    def close(self) -> None:
        self.closed = True
