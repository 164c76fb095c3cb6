"""Rate limits: how many events a source may send in a time, as its entry in `ingest/sources.yaml` says.

Counted by each gateway process for itself: n processes let through up to n times as much. It keeps one source's runaway program
from the others; memory and Kafka are guarded by `admission`, whatever the rate.
"""

import time
from collections import defaultdict
from functools import cache
from math import ceil

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from ingest.gateway.refusal import later
from ingest.sources import Source


class Rates:
    """One process's counters, one for each source."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._lease: defaultdict[str, int] = defaultdict(int)
        """Events counted and not yet used: a hundredth of the rate is counted at once, because counting costs like an event."""

    def take(self, source: Source, events: int) -> None:
        """Count events of a source. Raises 429 with Retry-After where they are too many; then none of them is counted."""
        missing = events - self._lease[source.id]
        if missing <= 0:
            self._lease[source.id] -= events
            return
        item = _item(source.rate)
        for count in sorted({max(missing, item.amount // 100), missing}, reverse=True):
            if self._limiter.hit(item, source.id, cost=min(count, item.amount)):
                self._lease[source.id] = count - missing
                return
        reset = self._limiter.get_window_stats(item, source.id).reset_time
        seconds = max(1, ceil(reset - time.time()))
        raise later(429, "rate_limited", f"超过该来源的速率限制 {source.rate}(按事件计),请稍后重试", seconds)


@cache
def _item(rate: str) -> RateLimitItem:
    return parse(rate)
