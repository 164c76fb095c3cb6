"""`huanxin ingest`: takes in files with a progress bar."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from ingest.build import build_intake
from ingest.files.report import Report
from ingest.files.seen import SeenInWarehouse
from ingest.files.take_in import files_of
from ingest.files.upload import Desk
from ingest.sources import Source, sources
from warehouse.client import connect


def registered(source_id: str) -> Source:
    """The source of that id. Raises ConfigurationError naming those that there are."""
    source = sources().get(source_id)
    if source is None:
        raise ConfigurationError(f"{source_id} is not a registered source; registered are: {', '.join(sources())}")
    return source


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """The place where files are handed in, closed at the end. Raises UnavailableError where Kafka does not answer."""
    client = connect(settings, "worker")
    intake = build_intake(settings, SeenInWarehouse(client))
    try:
        yield Desk(intake, client)
    finally:
        intake.publisher.close()
        client.disconnect()


def ingest_path(settings: Settings, path: Path, source_id: str, console: Console, results: Path | None = None) -> Report:
    """Take in a file or a folder as one registered source; returns the counts, and writes result files into `results`."""
    source, report, found = registered(source_id), Report(), list(files_of(path))
    sizes = {file: max(file.stat().st_size, 1) for file in found}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[files]}/{task.fields[of]} files, {task.fields[rows]} rows"),
    )
    with (
        desk(settings) as counter,
        Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as progress,
    ):
        task = progress.add_task(source.title, total=sum(sizes.values()), rows=0, files=0, of=len(found))
        rows = done = 0

        for number, file in enumerate(found, start=1):

            def advance(count: int, share: float, before: int = done, size: int = sizes[file]) -> None:
                nonlocal rows
                rows += count
                progress.update(task, rows=rows, completed=before + share * size)

            report.include(counter.take(file, source, results, advance))
            done += sizes[file]
            progress.update(task, completed=done, files=number)
    return report
