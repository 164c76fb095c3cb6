"""Rows of a database that are no valid events: noted with key and reason, where the data team and the department find them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from clickhouse_driver import Client

from ingest.accept import Result


class Refusal(NamedTuple):
    """One row that was refused. `row_key` is the table's primary key, which is no personal value in an exchange table."""

    source: str
    row_key: str
    result: Result


def note(client: Client, refusals: Sequence[Refusal]) -> None:
    """Write them down; the same row with the same reason again lands on the same line."""
    now = datetime.now(UTC)
    rows = [(r.source, r.row_key, r.result.reason, r.result.field or "", r.result.message or "", now) for r in refusals]
    if rows:
        client.execute("INSERT INTO ops.refused_row VALUES", rows)
