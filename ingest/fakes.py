"""Stand-ins for tests and trials without Kafka. They keep the contracts of what they stand for, and one test runs over both."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock

from huanxin.errors import UnavailableError
from ingest.prepare import Prepared


class FakePublisher:
    """A publisher that holds events in memory instead of in Kafka.

    `available = False` plays a broker that does not answer; clearing `acknowledging` plays one that is slow to acknowledge.
    """

    def __init__(self) -> None:
        self.held: list[Prepared] = []
        """What was published, in order; a resend is held again, as in Kafka."""
        self.available = True
        self.closed = False
        self.acknowledging = Event()
        self.acknowledging.set()
        self._lock = Lock()
        self._acknowledger = ThreadPoolExecutor(max_workers=64)

    def send(self, events: Sequence[Prepared]) -> "Future[None]":
        """Publish on another thread, as the real one does."""
        return self._acknowledger.submit(self.publish, events)

    def publish(self, events: Sequence[Prepared]) -> None:
        """Hold the events once `acknowledging` is set. Raises UnavailableError while the fake is not available."""
        self.acknowledging.wait()
        if not self.available:
            raise UnavailableError("Kafka has not acknowledged: the fake is not available; send the same events again")
        with self._lock:
            self.held.extend(events)

    def ready(self) -> bool:
        return self.available

    def close(self) -> None:
        self.closed = True
