"""Writes what was landed. One synchronous block each, so a reader sees a batch whole or not at all.

Delivery guarantee: at least once; the tables deduplicate by key, so writing the same batch again changes nothing. The token
only spares the server the work of a batch it has just taken: what makes the effect exactly once is the key.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from clickhouse_driver import Client

from schemas.catalogue import table
from schemas.event import EventData
from warehouse.columns import ENVELOPE_COLUMNS, TIME, data_columns
from warehouse.wire import insert

LEDGER_COLUMNS: dict[str, str] = {
    "topic": "LowCardinality(String)",
    "kafka_partition": "UInt32",
    "kafka_offset": "UInt64",
    "source": "LowCardinality(String)",
    "day": "Date",
    "event": "UInt64",
    "outcome": "LowCardinality(String)",
    "amount_yuan": "Decimal(18, 2)",
    "occurred_at": TIME,
    "received_at": TIME,
}

# A batch taken again after a crash between a table and what its views feed still reaches the views' own tables.
_SETTINGS = {"deduplicate_blocks_in_dependent_materialized_views": 1}

Columns = Mapping[str, Sequence[Any]]
"""Column name → its values as they travel (warehouse/wire.py), all of one length, in the table's order."""


@cache
def landing_columns(model: type[EventData]) -> dict[str, str]:
    """The columns of a type's landing table that an insert gives, name → type, in order."""
    return ENVELOPE_COLUMNS | {column.name: column.type for column in data_columns(model)}


def insert_events(client: Client, model: type[EventData], columns: Columns, into: str = "", token: str = "") -> None:
    """Insert one block of a type's events into its landing table or one like it."""
    _insert(client, into or f"landing.{table(model.event_type)}", landing_columns(model), columns, token)


def insert_ledger(client: Client, columns: Columns, into: str = "landing.ledger", token: str = "") -> None:
    """Insert one row for each message received."""
    _insert(client, into, LEDGER_COLUMNS, columns, token)


def insert_dead_letters(client: Client, rows: Sequence[tuple[Any, ...]], into: str = "landing.dead_letter") -> None:
    """Insert one row for each message that could not be landed."""
    client.execute(f"INSERT INTO {into} VALUES", rows)


def _insert(client: Client, name: str, types: Mapping[str, str], columns: Columns, token: str) -> None:
    statement, block = insert(name, types, columns)
    client.execute(statement, block, columnar=True, settings=_SETTINGS | {"insert_deduplication_token": token})
