"""Writes what was landed. One synchronous block each, so a reader sees a batch whole or not at all.

Delivery guarantee: at least once; the tables deduplicate by key, so writing the same batch again changes nothing.
"""

from collections.abc import Sequence
from typing import Any

from clickhouse_driver import Client

from schemas.catalogue import table
from schemas.event import EventData
from warehouse.columns import ENVELOPE_COLUMNS, data_columns


def insert_events(client: Client, model: type[EventData], columns: Sequence[Sequence[Any]]) -> None:
    """Insert one block of a type's events, given column by column in the order of the landing table."""
    names = [*ENVELOPE_COLUMNS, *(column.name for column in data_columns(model))]
    statement = f"INSERT INTO landing.{table(model.event_type)} ({', '.join(names)}) VALUES"
    client.execute(statement, columns, columnar=True)


def insert_ledger(client: Client, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert one row for each message received."""
    client.execute("INSERT INTO landing.ledger VALUES", rows)


def insert_dead_letters(client: Client, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert one row for each message that could not be landed."""
    client.execute("INSERT INTO landing.dead_letter VALUES", rows)
