"""Recomputes mart.daily whole from the landing tables, beside the live one, with no moment without it for readers."""

from collections.abc import Callable

from clickhouse_driver import Client

from schemas.catalogue import event_types
from warehouse.daily import count_year, years
from warehouse.shadow import Shadow


def rebuild_daily(client: Client, say: Callable[[str], None]) -> None:
    """Count every stream anew, a year at a time, and exchange. Cells touched meanwhile outrank what is counted here."""
    shadow = Shadow("mart.daily_cell")
    shadow.create(client)
    try:
        for event_type in event_types():
            for year in years(client, event_type):
                say(f"counting {event_type} {year}")
                count_year(client, event_type, year, shadow.name)
        shadow.exchange(client)
    finally:
        shadow.drop(client)
