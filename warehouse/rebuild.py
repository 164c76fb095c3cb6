"""Recomputes mart.daily and mart.facet whole from the landing tables, beside the live ones: readers are never without."""

from collections.abc import Callable

from clickhouse_driver import Client

from schemas.catalogue import event_types
from warehouse.daily import count_year, years
from warehouse.facets import count_facets_of_year
from warehouse.shadow import Shadow


def rebuild_daily(client: Client, say: Callable[[str], None]) -> None:
    """Count every stream anew, a year at a time, and exchange. Cells touched meanwhile outrank what is counted here."""
    _rebuild(client, say, "mart.daily_cell", count_year)
    _rebuild(client, say, "mart.facet_cell", count_facets_of_year)


def _rebuild(client: Client, say: Callable[[str], None], table: str, count: Callable[[Client, str, int, str], None]) -> None:
    shadow = Shadow(table)
    shadow.create(client)
    try:
        for event_type in event_types():
            for year in years(client, event_type):
                say(f"counting {event_type} {year} for {table}")
                count(client, event_type, year, shadow.name)
        shadow.exchange(client)
    finally:
        shadow.drop(client)
