"""Takes in a file in chunks, through the same intake as the gateway, and says what became of every row."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from huanxin.errors import FileRefusedError, RejectedError
from ingest.accept import Intake, Result, owned
from ingest.files.doubts import doubts
from ingest.files.opening import SUFFIXES, opened
from ingest.files.part import Part
from ingest.files.reasons import row_reason
from ingest.files.report import ZERO, Report
from ingest.files.result import ResultFile
from ingest.files.rows import Row, read_rows
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.envelope import Envelope

CHUNK_ROWS = 1_000
Advance = Callable[[int, float], None]
"""Told after each chunk how many rows it had, and how much of the part is read, from 0 to 1."""


def take_in(
    intake: Intake, path: Path, source: Source, results: Path | None = None, advance: Advance = lambda rows, share: None
) -> Report:
    """Read, publish and count one file; rejected rows go to result files in `results`.

    A file, sheet or member that is not the source's stands in the report as refused. Raises UnavailableError where Kafka or
    ClickHouse does not answer: take the file in again, what was accepted then counts as duplicate.
    """
    report, taken = Report(files=1), set[Path]()
    try:
        for part in opened(path, source.file.encoding):
            if isinstance(part, FileRefusedError):
                report.refused.append(part)
            else:
                _take_part(intake, part, source, report, _Results(results, taken), advance)
    except FileRefusedError as error:
        report.refused.append(error)
    _excuse_sheets(report)
    return report


class _Results(NamedTuple):
    """Where result files go, if anywhere, and which names this upload has used."""

    folder: Path | None
    taken: set[Path]


def _take_part(intake: Intake, part: Part, source: Source, report: Report, results: _Results, advance: Advance) -> None:
    try:
        found = read_rows(part, source)
    except FileRefusedError as error:
        report.refused.append(error)
        return
    model = event_types()[source.event_types[0]]
    look, amount = doubts(model), model.amount_field
    folder, taken = results
    result = ResultFile(folder, part.name, part.form, found.names, taken) if folder else None
    try:
        for chunk in iter(lambda: list(islice(found.rows, CHUNK_ROWS)), []):
            for row, outcome in _accepted(intake, chunk, source, report):
                report.add(part.name, row.number, outcome, _yuan(row.event, amount) if outcome.event_id else ZERO)
                if outcome.status == "accepted" and isinstance(row.event, Envelope):
                    for reason, field in look(row.event.data):
                        report.doubt(part.name, row.number, field, reason)
                if outcome.status == "rejected" and result:
                    result.add(row.number, row.cells, row_reason(outcome.reason or "", outcome.field or "", source))
            advance(len(chunk), part.position())
    except BaseException:
        if result:
            result.give_up()
        raise
    if result:
        result.finish()


def _yuan(event: Envelope | RejectedError | None, field: str) -> Decimal:
    value = event.data.get(field) if isinstance(event, Envelope) and field else None
    return ZERO if value is None else Decimal(str(value))


def _accepted(intake: Intake, chunk: list[Row], source: Source, report: Report) -> Iterator[tuple[Row, Result]]:
    """Each row that is data, with what became of it."""
    data = [(row, row.event) for row in chunk if row.event is not None]
    report.passed_over += len(chunk) - len(data)
    results = intake.accept([owned(event, source) for _, event in data])
    return zip((row for row, _ in data), results, strict=True)


def _excuse_sheets(report: Report) -> None:
    """A workbook's sheet without any header, beside one that has it, is an explanation: named, but no fault."""
    if report.accepted or report.duplicate or report.rejected:
        for error in [error for error in report.refused if error.reason == "header_missing" and error.name.endswith("]")]:
            report.refused.remove(error)
            report.notes.append(f"sheet without a header, not read: {error.name}")


def files_of(path: Path) -> Iterator[Path]:
    """The file itself, or all files below a folder whose names say that they may be tables, by name."""
    if path.is_file():
        yield path
    else:
        found = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and not each.name.startswith((".", "~$")))
        yield from sorted(each for each in found if each.is_file())
