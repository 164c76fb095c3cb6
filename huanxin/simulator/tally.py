"""Counts of the true documents that what 县科技局 reports of T4, T5 and T6 must equal exactly."""

from collections import Counter
from datetime import date

from huanxin.simulator.towns import COUNTY
from schemas.event import EventData
from schemas.events.recycling_weighed import RecyclingWeighed
from schemas.events.scrappage_certified import ScrappageCertified
from schemas.events.usedcar_transferred import UsedcarTransferred

CARS = frozenset("KHQZN")
APPLIANCES = frozenset(("冰箱", "洗衣机", "电视", "空调", "电脑"))


class Tally:
    """T4 certified cars, T5 transfers and T6 appliance pieces taken in, by month."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, date]] = Counter()

    def add(self, data: EventData) -> None:
        """Count one document."""
        month = data.day.replace(day=1)
        if isinstance(data, ScrappageCertified):
            self._counts["T4", month] += data.vehicle_class in CARS and data.recycler_division == COUNTY
        elif isinstance(data, UsedcarTransferred):
            self._counts["T5", month] += 1
        elif isinstance(data, RecyclingWeighed) and data.direction == "收" and data.category in APPLIANCES:
            self._counts["T6", month] += data.pieces

    def since_january(self, code: str, month: date) -> int:
        """The count of T4, T5 or T6 from January of the month's year to the month's end."""
        return sum(self._counts[code, month.replace(month=number)] for number in range(1, month.month + 1))
