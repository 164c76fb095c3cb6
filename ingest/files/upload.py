"""One upload from its bytes to its receipt: taken in, recognised where it came before, and answered in Chinese."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clickhouse_driver import Client

from huanxin.errors import UnavailableError
from ingest.accept import Intake
from ingest.files.receipt import receipt_text
from ingest.files.report import Report
from ingest.files.result import shortened
from ingest.files.take_in import Advance, take_in
from ingest.sources import Source
from schemas.event import CHINA
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.file_receipts import FileReceipt, record, same_content


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are handed in: the intake, and ClickHouse for what was handed in before."""

    intake: Intake
    client: Client

    def take(self, path: Path, source: Source, results: Path | None, advance: Advance) -> Report:
        """Take in one file; result files and the receipt go to `results`.

        Raises UnavailableError where Kafka or ClickHouse does not answer: hand the same file in again.
        """
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            before = same_content(self.client, source.id, sha256)
            report = take_in(self.intake, path, source, results, advance)
            if before:
                name, at = before
                report.notes.append(f"the same content as {name}, taken in {at:%Y-%m-%d %H:%M:%S}")
            if results:
                results.mkdir(parents=True, exist_ok=True)
                text = receipt_text(path.name, source, report, datetime.now(CHINA), before)
                (results / shortened(f"{path.name}.回执.txt")).write_text(text, encoding="utf-8-sig")
            record(self.client, _counts(path, source, sha256, report))
        except CLICKHOUSE_ERRORS as error:
            if isinstance(error, OSError) and error.filename:
                raise  # a file, and no server
            raise UnavailableError(f"ClickHouse does not answer: {error!r}; take the file in again") from error
        return report


def _counts(path: Path, source: Source, sha256: str, report: Report) -> FileReceipt:
    return FileReceipt(
        source=source.id,
        sha256=sha256,
        name=path.name,
        size=path.stat().st_size,
        accepted=report.accepted,
        duplicate=report.duplicate,
        rejected=report.rejected.total(),
        passed_over=report.passed_over,
        refused=len(report.refused),
        rejected_by_reason=dict(report.rejected),
        totals=report.totals,
    )
