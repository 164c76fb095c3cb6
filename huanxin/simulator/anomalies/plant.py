"""What the files of planted cases share: a second county beside the true one, and small changes to documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from huanxin.simulator.anomalies.key import Answer, Expected
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.scrapped import Scrapped
from schemas.event import EventData

TRUE_CASES = NEAR_MISSES = 24
CORRECTED_CASES = 6
"""Of each rule; the corrected ones look true until a later revision explains them."""


@dataclass(slots=True)
class Plant:
    """The county that planted cases live in, and the cars they hand over, which are to be weighed at the end."""

    county: County
    cars: list[Scrapped] = field(default_factory=list)

    def day(self, first: date, last: date) -> date:
        """A day between the two, both included."""
        return first + timedelta(days=self.county.dice.randrange((last - first).days + 1))


def cases(true: int = TRUE_CASES, near: int = NEAR_MISSES, corrected: int = CORRECTED_CASES) -> Iterator[tuple[Expected, int]]:
    """What each planted case is, and its number within its sort."""
    for expected, count in (("open", true), ("near", near), ("closed", corrected)):
        for number in range(count):
            yield expected, number  # type: ignore[misc]  # the three literals above


def answered(document: Document, *answers: Answer) -> Document:
    """The document with these answers beside what it carries already."""
    return replace(document, faults=(*document.faults, *map(str, answers)))


def changed(document: Document, **fields: Any) -> Document:
    """The document with other values, valid ones."""
    return replace(document, data=_with(document.data, fields))


def corrected(document: Document, **fields: Any) -> Document:
    """The next revision of the document, reported some days later. Its key must stay."""
    return _revised(document, {**fields, "status": "corrected"})


def voided(document: Document) -> Document:
    """The revision that voids the document."""
    return _revised(document, {"status": "voided"})


def _revised(document: Document, fields: dict[str, Any]) -> Document:
    later = document.reported_at + timedelta(days=5)
    data = _with(document.data, fields)
    if data.natural_key != document.data.natural_key:
        raise ValueError("a revision keeps its natural key")
    return replace(document, data=data, reported_at=later, revision=document.revision + 1, faults=())


def late(document: Document, days: int) -> Document:
    """The document, reported later."""
    return replace(document, reported_at=document.reported_at + timedelta(days=days))


def _with(data: EventData, fields: dict[str, Any]) -> EventData:
    return type(data).model_validate({**dict(data), **fields})
