"""What a file is made of once it is open: tables (a CSV, a sheet) or a series of JSON documents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Form = Literal["csv", "workbook", "json"]
Cells = list[object]


@dataclass(frozen=True, slots=True)
class Part:
    """One table or series, read once from its first line to its last."""

    name: str
    """The file's name; with its sheet or its place in a ZIP where there are several."""
    form: Form
    lines: Iterator[Cells]
    """All rows from row 1 on, empty ones too; for JSON, one document each."""
    hidden: frozenset[int] = frozenset()
    """Places of columns that its writer hid, from 0."""
    position: Callable[[], float] = lambda: 0.0
    """How much of it has been read, from 0 to 1."""


class BrokenOffError(Exception):
    """The rest of a part cannot be read; what came before it counts. `reason` is machine readable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
