"""Months, working days, and how busy each month is."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

SEASON = (1.1, 0.5, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 1.1, 1.1, 1.2, 1.4)
"""Scrapping by month, January first: quiet at the Spring Festival, busy at the year's end."""

FLOW = (0.95, 0.7, 1.0, 0.95, 1.0, 1.0, 0.95, 1.0, 1.1, 1.05, 1.1, 1.2)
"""Trade in cars and scrap by month; it sums to 12."""


def months(first: date, last: date) -> Iterator[date]:
    """The first day of each month from `first` to `last`."""
    month = first
    while month <= last:
        yield month
        month = end_of(month) + timedelta(days=1)


def end_of(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def scrap_policy(month: date) -> float:
    """How the subsidies lift scrapping: from May 2024, again from September, and in each year's last rush."""
    if month < date(2024, 5, 1):
        return 1.0
    if month < date(2024, 9, 1):
        return 1.4
    return 2.2 if month.month >= 11 else 1.9


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
