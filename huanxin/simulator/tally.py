"""Counts of the true documents that the 2023 baselines must equal exactly."""

from collections import Counter

from schemas.event import EventData
from schemas.events.recycling_weighed import RecyclingWeighed
from schemas.events.scrappage_certified import ScrappageCertified
from schemas.events.usedcar_transferred import UsedcarTransferred

CARS = frozenset("KHQZN")
APPLIANCES = frozenset(("冰箱", "洗衣机", "电视", "空调", "电脑"))


class Tally:
    """T4 certified cars, T5 transfers and T6 appliance pieces taken in, of one year."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._counts: Counter[str] = Counter()

    def add(self, data: EventData) -> None:
        """Count one document."""
        if data.day.year != self._year:
            return
        if isinstance(data, ScrappageCertified):
            self._counts["T4"] += data.vehicle_class in CARS
        elif isinstance(data, UsedcarTransferred):
            self._counts["T5"] += 1
        elif isinstance(data, RecyclingWeighed) and data.direction == "收" and data.category in APPLIANCES:
            self._counts["T6"] += data.pieces

    def of(self, code: str) -> int:
        """The count of T4, T5 or T6."""
        return self._counts[code]
