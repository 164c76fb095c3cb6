"""`huanxin ingest`: takes in files with a progress bar."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from ingest.build import build_intake
from ingest.files.report import Report
from ingest.files.seen import SeenInWarehouse
from ingest.files.take_in import files_of, take_in
from ingest.sources import sources
from warehouse.client import connect


def ingest_path(settings: Settings, path: Path, source_id: str, console: Console) -> Report:
    """Take in a file or a folder as one registered source; returns the counts."""
    source = sources().get(source_id)
    if source is None:
        raise ConfigurationError(f"{source_id} is not a registered source; registered are: {', '.join(sources())}")
    report = Report()
    found = list(files_of(path))
    client = connect(settings, "worker")
    intake = build_intake(settings, SeenInWarehouse(client))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files, {task.fields[rows]} rows"),
    )
    try:
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
            task = progress.add_task(source.title, total=len(found), rows=0)
            rows = 0

            def advance(count: int) -> None:
                nonlocal rows
                rows += count
                progress.update(task, rows=rows)

            for file in found:
                take_in(intake, file, source, report, advance)
                progress.advance(task)
    finally:
        intake.publisher.close()
        client.disconnect()
    return report
