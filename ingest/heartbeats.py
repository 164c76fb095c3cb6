"""Says of sources that their way in works, once in a while: half a minute is often enough, and costs nothing."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from ingest.publisher import Publisher
from schemas.envelope import Surface
from schemas.event import CHINA
from schemas.heartbeat import Heartbeat

EVERY_SECONDS = 30.0


class Heartbeats:
    """One connector's."""

    def __init__(self, publisher: Publisher, surface: Surface, clock: Callable[[], float] = time.monotonic) -> None:
        self._publisher, self._surface, self._clock = publisher, surface, clock
        self._next: dict[str, float] = {}

    def beat(self, sources: Iterable[str]) -> None:
        """To be called whenever these sources' way in was just seen to work. Raises UnavailableError where Kafka is away."""
        now = self._clock()
        due = [source for source in sources if now >= self._next.get(source, now)]
        self._publisher.publish([Heartbeat.of(source, self._surface, datetime.now(CHINA)) for source in due])
        self._next |= dict.fromkeys(due, now + EVERY_SECONDS)
