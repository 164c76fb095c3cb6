"""From a part's lines to envelopes: header names and cell conventions are the source's, as registered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from huanxin.errors import RejectedError
from ingest.files.documents import Documents
from ingest.files.header import LOOK_ROWS, find_header
from ingest.files.part import BrokenOffError, Cells, Part
from ingest.files.table import Table, filled
from ingest.sources import Source
from schemas.envelope import Envelope

Event = Envelope | RejectedError | None
"""None for a row that is no data: a total, a note, a header repeated on a new page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, what stood there, and its event or why it is none."""

    number: int
    cells: Cells
    event: Event


@dataclass(frozen=True, slots=True)
class Rows:
    """A part's rows, and the names of their columns for a result file; JSON has none."""

    names: tuple[str, ...]
    rows: Iterator[Row]


def read_rows(part: Part, source: Source) -> Rows:
    """Raises FileRefusedError where the part as a whole is not the source's. Empty rows count and are left out."""
    if part.form == "json":
        return Rows((), _numbered(part.lines, 1, Documents(source).event))
    first, broken = _first(part.lines)
    header = find_header(part.name, first, part.hidden, source)
    table = Table(header, source, typed=part.form == "workbook")
    lines = chain(first[header.rows :], _raising(broken) if broken else part.lines)
    return Rows(table.names, _numbered(lines, header.rows + 1, table.event))


def _numbered(lines: Iterable[Cells], start: int, event: Callable[[Cells], Event]) -> Iterator[Row]:
    number = start - 1
    try:
        for number, cells in enumerate(lines, start):
            if any(map(filled, cells)):
                yield Row(number, cells, event(cells))
    except BrokenOffError as error:
        yield Row(number + 1, [], RejectedError("open", error.reason, "", str(error)))


def _first(lines: Iterator[Cells]) -> tuple[list[Cells], BrokenOffError | None]:
    """The rows among which the header is, and why there are no more, where reading broke off."""
    found: list[Cells] = []
    try:
        found.extend(islice(lines, LOOK_ROWS))
    except BrokenOffError as error:
        return found, error
    return found, None


def _raising(error: BrokenOffError) -> Iterator[Cells]:
    raise error
    yield
