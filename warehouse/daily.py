"""Recomputes cells of mart.daily: a stream's day is counted anew from the deduplicated state, never incremented."""

from collections.abc import Collection
from datetime import date

from clickhouse_driver import Client

from schemas.catalogue import table

_RECOMPUTE = """
INSERT INTO mart.daily_cell (stream, day, department, town, category, events, pieces, net_kg, amount_yuan, version)
SELECT %(stream)s, day, department, town, category, sum(events), sum(pieces), sum(net_kg), sum(amount_yuan), %(version)s
FROM
(
    SELECT day, department, m_town AS town, m_category AS category,
           1 AS events, m_pieces AS pieces, m_net_kg AS net_kg, m_amount_yuan AS amount_yuan
    FROM landing.{table}_current
    WHERE day IN %(days)s AND status != 'voided'
    UNION ALL
    SELECT day, department, town, category, 0, 0, 0, 0
    FROM mart.daily_cell FINAL
    WHERE stream = %(stream)s AND day IN %(days)s
)
GROUP BY day, department, town, category
"""


def recompute_days(client: Client, event_type: str, days: Collection[date], version: int) -> None:
    """Count the given days of one stream anew.

    `version` is the offset of the message that asked for it: of two recomputes of a cell, the one asked for later wins. Rows
    that the cell has now and the count has not become zero.
    """
    if days:
        statement = _RECOMPUTE.format(table=table(event_type))
        client.execute(statement, {"stream": event_type, "days": sorted(days), "version": version})
