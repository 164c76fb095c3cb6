"""Back-pressure: what one gateway process holds at once is bounded, and what comes on top is asked to come back."""

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.gateway.metrics import HELD_BYTES, UNDER_WAY
from ingest.gateway.refusal import Refusal, later

MAX_REQUESTS = 512
MAX_HELD_BYTES = 128 * 1024 * 1024


class Place:
    """One request's share; `hold` is told of each part of its body, before the part is kept."""

    def __init__(self, admission: "Admission") -> None:
        self._admission = admission
        self.held = 0

    def hold(self, count: int) -> None:
        """Count bytes. Raises 429 where the process would hold too many."""
        if self._admission.bytes + count > self._admission.max_bytes:
            raise _busy()
        self.held += count
        self._admission.bytes += count


class Admission:
    """Counts requests and bytes of one process; used on its event loop alone."""

    def __init__(self, max_requests: int = MAX_REQUESTS, max_bytes: int = MAX_HELD_BYTES) -> None:
        self.max_requests, self.max_bytes = max_requests, max_bytes
        self.requests = self.bytes = 0

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place for one request, from its headers to its answer. Raises 429 where all are taken."""
        if self.requests >= self.max_requests:
            raise _busy()
        self.requests += 1
        place = Place(self)
        try:
            yield place
        finally:
            self.requests -= 1
            self.bytes -= place.held

    def measure(self) -> None:
        """Show the state to Prometheus."""
        UNDER_WAY.set(self.requests)
        HELD_BYTES.set(self.bytes)


def _busy() -> Refusal:
    return later(429, "busy", "当前请求过多,请稍后重试", 1)
