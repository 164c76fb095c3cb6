"""Takes in a file in chunks, through the same intake as the gateway."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from ingest.accept import Intake, owned
from ingest.files.report import Report
from ingest.files.rows import read_rows
from ingest.sources import Source

CHUNK_ROWS = 1_000


def take_in(intake: Intake, path: Path, source: Source, report: Report, advance: Callable[[int], None]) -> None:
    """Read, publish and count one file; `advance` is told how many rows are done after each chunk.

    Raises UnavailableError where Kafka does not answer: take the file in again, what was accepted then counts as duplicate.
    """
    report.files += 1
    rows = read_rows(path, source)
    for chunk in iter(lambda: list(islice(rows, CHUNK_ROWS)), []):
        results = intake.accept([owned(event, source) for _, event in chunk])
        for (number, _), result in zip(chunk, results, strict=True):
            report.add(path.name, number, result)
        advance(len(chunk))


def files_of(path: Path) -> Iterator[Path]:
    """The file itself, or all CSV and JSON Lines files below a folder, by name."""
    if path.is_file():
        yield path
    else:
        yield from sorted(found for found in path.rglob("*") if found.suffix.lower() in (".csv", ".jsonl", ".ndjson"))
