"""How far behind this worker is: messages not yet acknowledged, and how long the oldest of them has waited, by partition."""

import time
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from typing import Any

from streams.metrics import LAG, OLDEST_SECONDS


class Progress:
    """Told of each chunk delivered, each offset committed and each partition given up; the metrics follow."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Any, deque[tuple[int, float]]] = defaultdict(deque)

    def delivered(self, tp: Any, last_offset: int, arrived: float, highwater: int) -> None:
        """A chunk went to its agent; `arrived` is its first message's time in Kafka, in Unix seconds."""
        if tp not in self._waiting:
            OLDEST_SECONDS.labels(tp.topic, tp.partition).set_function(lambda: self.oldest_seconds(tp))
        waiting = self._waiting[tp]
        if not waiting:
            LAG.labels(tp.topic, tp.partition).set(max(0, highwater - last_offset))  # at least this chunk is still to do
        waiting.append((last_offset, arrived))

    def acknowledged(self, tp: Any, offset: int, highwater: int | None) -> None:
        """Everything before `offset` is done."""
        waiting = self._waiting[tp]
        while waiting and waiting[0][0] < offset:
            waiting.popleft()
        if highwater is not None:
            LAG.labels(tp.topic, tp.partition).set(max(0, highwater - offset))

    def forget(self, partitions: Iterable[Any]) -> None:
        """These belong to another worker now, or are read again."""
        for tp in partitions:
            if self._waiting.pop(tp, None) is not None:
                LAG.remove(tp.topic, tp.partition)
                OLDEST_SECONDS.remove(tp.topic, tp.partition)

    def behind_seconds(self, topics: Collection[str]) -> float:
        """How long the oldest unacknowledged message of these topics has been in Kafka, 0 where there is none."""
        return max((self.oldest_seconds(tp) for tp in self._waiting if tp.topic in topics), default=0.0)

    def oldest_seconds(self, tp: Any) -> float:
        """How long the oldest unacknowledged message has been in Kafka, 0 where there is none."""
        waiting = self._waiting.get(tp)
        return max(0.0, time.time() - waiting[0][1]) if waiting else 0.0
