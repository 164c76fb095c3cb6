"""Recomputes cells of mart.facet: a stream's day broken down by one dimension at a time, counted from the deduplicated state.

What a stream is broken down by stands in its view `landing.<table>_facets`; a stream without one has no facets.
"""

from collections.abc import Mapping
from datetime import date

from clickhouse_driver import Client

from schemas.catalogue import table
from warehouse.daily import ASKED, asked

FACETED = frozenset(
    (
        "scrappage.certified",
        "scrappage.deregistered",
        "usedcar.transferred",
        "recycling.weighed",
        "subsidy.paid",
        "newcar.registered",
        "indicator.reported",
    )
)
"""Event types that have a view of facets."""

_KEY = "facet, day, department, town, category, value"
_SUMS = "sum(events), sum(pieces), sum(net_kg), sum(amount_yuan)"
_RECOMPUTE = f"""
INSERT INTO mart.facet_cell (stream, {_KEY}, events, pieces, net_kg, amount_yuan, version)
SELECT %(stream)s, {_KEY}, {_SUMS}, {ASKED}
FROM
(
    SELECT {_KEY}, events, pieces, net_kg, amount_yuan FROM landing.{{table}}_facets WHERE day IN %(days)s
    UNION ALL
    SELECT {_KEY}, 0, 0, 0, 0 FROM mart.facet_cell FINAL WHERE stream = %(stream)s AND day IN %(days)s
)
GROUP BY {_KEY}
"""
_COUNT_INTO = f"""
INSERT INTO {{target}} (stream, {_KEY}, events, pieces, net_kg, amount_yuan, version)
SELECT %(stream)s, {_KEY}, {_SUMS}, 0
FROM landing.{{table}}_facets
WHERE day BETWEEN %(first)s AND %(last)s
GROUP BY {_KEY}
"""


def recompute_facets(client: Client, event_type: str, days: Mapping[date, int]) -> None:
    """Count the given days of one stream anew, each with its version, as for mart.daily.

    Rows that a cell has now and the count has not become zero.
    """
    if days and event_type in FACETED:
        statement = _RECOMPUTE.format(table=table(event_type))
        client.execute(statement, asked(event_type, days))


def count_facets_of_year(client: Client, event_type: str, year: int, target: str) -> None:
    """Count a whole year of one stream into an empty table of facet cells, with a version that any touched cell outranks."""
    if event_type in FACETED:
        statement = _COUNT_INTO.format(table=table(event_type), target=target)
        client.execute(statement, {"stream": event_type, "first": date(year, 1, 1), "last": date(year, 12, 31)})
