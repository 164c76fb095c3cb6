"""What became of the files that were handed in: how the same file under another name is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from clickhouse_driver import Client

from schemas.event import CHINA


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """One file's counts; `sha256` is hex, of its bytes."""

    source: str
    sha256: str
    name: str
    size: int
    accepted: int
    duplicate: int
    rejected: int
    passed_over: int
    refused: int
    rejected_by_reason: Mapping[str, int]
    totals: Mapping[tuple[date, str], tuple[int, Decimal]]
    """Business day and outcome (accepted, duplicate) → rows and yuan."""


def record(client: Client, receipt: FileReceipt) -> None:
    """Note a file that was read to its end."""
    *counts, totals = (getattr(receipt, name) for name in FileReceipt.__dataclass_fields__)
    columns = zip(*((*key, *total) for key, total in sorted(totals.items())), strict=True) if totals else ([], [], [], [])
    client.execute("INSERT INTO ops.file_receipt VALUES", [(datetime.now(UTC), *counts, *map(list, columns))])


def same_content(client: Client, source: str, sha256: str) -> tuple[str, datetime] | None:
    """Name and time of the first file of the source with these bytes, where there was one."""
    rows = client.execute(
        "SELECT name, taken_at FROM ops.file_receipt WHERE source = %(source)s AND sha256 = %(sha256)s "
        "ORDER BY taken_at LIMIT 1",
        {"source": source, "sha256": sha256},
    )
    return (rows[0][0], rows[0][1].astimezone(CHINA)) if rows else None
