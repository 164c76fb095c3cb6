"""Recomputes cells of mart.daily: a stream's day is counted anew from the deduplicated state, never incremented."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from clickhouse_driver import Client

from schemas.catalogue import table

_CELL = "stream, day, department, town, category, events, pieces, net_kg, amount_yuan, version"
_COUNTED = """
    SELECT day, department, m_town AS town, m_category AS category,
           1 AS events, m_pieces AS pieces, m_net_kg AS net_kg, m_amount_yuan AS amount_yuan
    FROM landing.{table}_current
    WHERE day {days} AND status != 'voided'"""
ASKED = "transform(toUInt16(day), %(days)s, %(versions)s, toUInt64(0))"
"""A row's version: that of its day, as `asked` gives days and versions."""
_RECOMPUTE = f"""
INSERT INTO mart.daily_cell ({_CELL})
SELECT %(stream)s, day, department, town, category, sum(events), sum(pieces), sum(net_kg), sum(amount_yuan), {ASKED}
FROM
({_COUNTED}
    UNION ALL
    SELECT day, department, town, category, 0, 0, 0, 0
    FROM mart.daily_cell FINAL
    WHERE stream = %(stream)s AND day IN %(days)s
)
GROUP BY day, department, town, category
"""
_COUNT_INTO = f"""
INSERT INTO {{target}} ({_CELL})
SELECT %(stream)s, day, department, town, category, sum(events), sum(pieces), sum(net_kg), sum(amount_yuan), 0
FROM ({_COUNTED})
GROUP BY day, department, town, category
"""


def recompute_days(client: Client, event_type: str, days: Mapping[date, int]) -> None:
    """Count the given days of one stream anew.

    Each day has its version, that of the message that asked for it: of two recomputes of a cell, the one asked for later wins.
    Rows that the cell has now and the count has not become zero.
    """
    if days:
        statement = _RECOMPUTE.format(table=table(event_type), days="IN %(days)s")
        client.execute(statement, asked(event_type, days))


def asked(event_type: str, days: Mapping[date, int]) -> dict[str, Any]:
    """The parameters of a statement that counts these days anew: stream, days since 1970-01-01 and their versions."""
    numbers = [(day - date(1970, 1, 1)).days for day in days]
    return {"stream": event_type, "days": numbers, "versions": list(days.values())}


def count_year(client: Client, event_type: str, year: int, target: str) -> None:
    """Count a whole year of one stream into an empty table of daily cells, with a version that any touched cell outranks."""
    statement = _COUNT_INTO.format(table=table(event_type), days="BETWEEN %(first)s AND %(last)s", target=target)
    client.execute(statement, {"stream": event_type, "first": date(year, 1, 1), "last": date(year, 12, 31)})


def years(client: Client, event_type: str) -> list[int]:
    """The years in which a stream has rows."""
    rows = client.execute(f"SELECT DISTINCT toYear(day) AS year FROM landing.{table(event_type)} ORDER BY year")
    return [int(year) for (year,) in rows]
