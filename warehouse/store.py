"""Writes what was landed. One synchronous block each, so a reader sees a batch whole or not at all.

Delivery guarantee: at least once; the tables deduplicate by key, so writing the same batch again changes nothing.
"""

from collections.abc import Sequence
from typing import Any

from clickhouse_driver import Client

from schemas.catalogue import table
from schemas.event import EventData
from warehouse.columns import ENVELOPE_COLUMNS, data_columns


def insert_events(client: Client, model: type[EventData], columns: Sequence[Sequence[Any]], into: str = "") -> None:
    """Insert one block of a type's events, given column by column, into its landing table or one like it."""
    names = [*ENVELOPE_COLUMNS, *(column.name for column in data_columns(model))]
    statement = f"INSERT INTO {into or f'landing.{table(model.event_type)}'} ({', '.join(names)}) VALUES"
    client.execute(statement, columns, columnar=True)


def insert_ledger(client: Client, rows: Sequence[tuple[Any, ...]], into: str = "landing.ledger") -> None:
    """Insert one row for each message received."""
    client.execute(f"INSERT INTO {into} VALUES", rows)


def insert_dead_letters(client: Client, rows: Sequence[tuple[Any, ...]], into: str = "landing.dead_letter") -> None:
    """Insert one row for each message that could not be landed."""
    client.execute(f"INSERT INTO {into} VALUES", rows)
