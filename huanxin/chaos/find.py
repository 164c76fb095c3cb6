"""Reads from the warehouse what the oracle is compared with."""

from collections import Counter
from datetime import date
from typing import Any

from clickhouse_driver import Client

from huanxin.chaos.load import TYPES
from huanxin.chaos.oracle import Cell, Letter, Row, State
from schemas.catalogue import table

_ROWS = "SELECT day, lower(hex(id)), revision, count() FROM {table} FINAL WHERE day IN %(days)s GROUP BY day, id, revision"
_CELLS = (
    "SELECT stream, day, town, category, sum(events), toInt64(sum(amount_yuan) * 100) FROM mart.daily "
    "WHERE day IN %(days)s GROUP BY stream, day, town, category HAVING sum(events) != 0"
)
_CASES = {"recycling.weighed": "weighing", "subsidy.paid": "payout"}
_NEWEST = "SELECT day, lower(hex(id)), revision FROM cases.{name}_row FINAL WHERE day IN %(days)s"
_LETTERS = "SELECT topic, kafka_partition, kafka_offset FROM landing.dead_letter FINAL"
_BREAKS = "SELECT source, day, received, stored, duplicate, rejected FROM ops.reconciliation WHERE NOT balanced"


def found_rows(client: Client, event_type: str, days: list[date], from_table: str = "") -> Counter[Row]:
    """The rows of a type's landing table (or of a copy of it), as a reader sees them."""
    statement = _ROWS.format(table=from_table or f"landing.{table(event_type)}")
    rows = client.execute(statement, {"days": days})
    return Counter({(event_type, day, document, revision): count for day, document, revision, count in rows})


def found(client: Client, days: list[date]) -> State:
    """Rows and cells of some days, and every dead letter there is."""
    rows: Counter[Row] = Counter()
    for event_type in TYPES:
        rows += found_rows(client, event_type, days)
    return State(rows, cells(client, days), letters(client), newest(client, days))


def newest(client: Client, days: list[date]) -> set[Row]:
    """The documents of some days as supervision's tables hold them."""
    return {
        (event_type, day, document, revision)
        for event_type, name in _CASES.items()
        for day, document, revision in client.execute(_NEWEST.format(name=name), {"days": days})
    }


def cells(client: Client, days: list[date]) -> dict[Cell, tuple[int, int]]:
    """mart.daily of some days: events and fen of each cell."""
    rows = client.execute(_CELLS, {"days": days})
    return {(stream, day, town, category): (events, fen) for stream, day, town, category, events, fen in rows}


def letters(client: Client) -> set[Letter]:
    """Where every dead letter lies."""
    return set(client.execute(_LETTERS))


def breaks(client: Client) -> list[Any]:
    """Every source and day on which the ledger identity does not hold."""
    return list(client.execute(_BREAKS))
