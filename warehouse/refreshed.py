"""Views that ClickHouse refreshes on a timer: refreshed at once, for whoever cannot wait for it (a demonstration, a test)."""

from huanxin.settings import Settings
from warehouse.client import connection


def refresh(settings: Settings) -> None:
    """Refresh every timed view of the marts and wait for it, those that others depend on first."""
    with connection(settings, "admin") as client:
        views = client.execute(
            "SELECT concat(database, '.', view) FROM system.view_refreshes ORDER BY view = 'finding_list_refresh' DESC"
        )
        for (view,) in views:
            client.execute(f"SYSTEM REFRESH VIEW {view}")
            client.execute(f"SYSTEM WAIT VIEW {view}")
