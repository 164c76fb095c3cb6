"""Seeded chance: the distributions the county is drawn from."""

import math
import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from huanxin.simulator.document import SHANGHAI
from huanxin.simulator.months import end_of

T = TypeVar("T")


class Dice(random.Random):
    """A random generator with the draws the simulator needs; one seed, one county."""

    def about(self, expected: float) -> int:
        """A whole number near the expected one, with the spread of a count."""
        return max(0, math.floor(self.gauss(expected, 0.5 * math.sqrt(expected)) + self.random())) if expected > 0 else 0

    def one_of(self, weighted: Mapping[T, float]) -> T:
        """A key, as likely as its weight."""
        left = self.random() * sum(weighted.values())
        for key, weight in weighted.items():
            left -= weight
            if left < 0:
                return key
        return next(reversed(list(weighted)))

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self.random() < probability

    def between(self, mean: float, deviation: float, low: float, high: float) -> float:
        """A normal draw, kept within its bounds."""
        return min(high, max(low, self.gauss(mean, deviation)))

    def skewed(self, median: float, sigma: float, low: float, high: float) -> float:
        """A lognormal draw with this median, kept within its bounds."""
        return min(high, max(low, median * math.exp(self.gauss(0, sigma))))

    def day_in(self, month: date) -> date:
        """Any day of the month."""
        return month + timedelta(days=self.randrange(end_of(month).day))

    def hours(self, day: date, first: int = 9, last: int = 17) -> datetime:
        """A moment of the day within office hours."""
        return datetime.combine(day, time(first), SHANGHAI) + timedelta(seconds=self.randrange((last - first) * 3600))

    def reported(self, moment: datetime, days: int = 2) -> datetime:
        """When an office reports what happened: the same evening, or a few days on."""
        return datetime.combine(
            moment.date() + timedelta(days=self.randrange(days + 1)), time(18, self.randrange(60)), SHANGHAI
        )
