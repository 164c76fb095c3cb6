"""What must not show in an answer to a department: names, counts and sums of the others, worked out from the data at hand."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from warehouse.seats import seats

Ask = Callable[[str], list[tuple[Any, ...]]]
FIGURES = (
    "SELECT department, {figures} FROM mart.daily GROUP BY department",
    "SELECT department, {figures} FROM mart.facet GROUP BY department",
    "SELECT '', {figures} FROM mart.daily",
    "SELECT '', {figures} FROM mart.daily WHERE department != '{own}'",
    # From the programme's first year on, as the pages' dataset of daily counts is: other tests write earlier days.
    "SELECT '', {figures} FROM mart.daily WHERE day >= toDate('2023-01-01')",
    "SELECT '', {figures} FROM mart.daily WHERE day >= toDate('2023-01-01') AND department != '{own}'",
)
THEIRS = ("scrapped", "recycled_kg", "appliances", "paid_yuan", "payouts")
"""Measures of the pages that no row of the police goes into."""
SHORTEST = 4
"""Digits: a shorter number proves nothing."""


class Marks:
    """The marks of all departments but one; `in_text` finds them in an answer."""

    def __init__(self, ask: Ask, own: str) -> None:
        self.names = {seat.name for seat in seats() if seat.is_department} - {own}
        self.names |= {source for source, department in ask("SELECT source, department FROM ops.source") if department != own}
        theirs: set[str] = set()
        mine: set[str] = set()
        figures = "count(), toInt64(sum(events)), toInt64(sum(pieces)), toInt64(sum(amount_yuan)), toInt64(sum(net_kg))"
        for statement in FIGURES:
            for department, *numbers in ask(statement.format(figures=figures, own=own)):
                (mine if department == own else theirs).update(_digits(numbers))
        for department, *numbers in ask(
            "SELECT s.department, sum(r.received), sum(r.stored) FROM ops.reconciliation AS r INNER JOIN ops.source AS s "
            "ON s.source = r.source GROUP BY s.department"
        ):
            (mine if department == own else theirs).update(_digits(numbers))
        for departments, actual in ask(
            "SELECT t.departments, toInt64(max(p.actual)) FROM mart.target_progress AS p INNER JOIN mart.target AS t "
            "ON t.target = p.target GROUP BY t.departments"
        ):
            (mine if departments == [own] else theirs).update(_digits([actual]))
        for _, value in ask(
            f"SELECT measure, toInt64(sum(value)) FROM mart.measure_month WHERE measure IN {THEIRS} GROUP BY measure"
        ):
            theirs.update(_digits([value]))
        for _, value in ask(
            f"SELECT measure, toInt64(sum(value)) FROM mart.measure_month WHERE measure NOT IN {THEIRS} GROUP BY measure"
        ):
            mine.update(_digits([value]))  # equal to another's by chance, it says nothing of the other
        self.numbers = theirs - mine

    def in_text(self, text: str, *, names: bool = True) -> set[str]:
        """The marks that stand in a text; escaped Chinese counts too, and four digits within a random identifier do not."""
        text = re.sub(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,64}", " ", text)
        plain = re.sub(r"\\+u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
        found = {name for name in self.names if name in plain} if names else set()
        return found | (set(re.findall(r"(?<![\d.])\d+", plain)) & self.numbers)


def _digits(numbers: Iterable[int]) -> set[str]:
    return {str(abs(number)) for number in numbers if len(str(abs(number))) >= SHORTEST}
