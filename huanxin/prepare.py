"""Brings Kafka and ClickHouse to the tree's state: topics, migrations, derived views, reference data."""

from huanxin.settings import Settings
from ingest.sources import source_rows, sources
from streams.topics import ensure_topics
from warehouse.client import connection
from warehouse.derived import create_derived_views
from warehouse.migrate import migrate
from warehouse.reference_data import load_reference


def prepare(settings: Settings) -> tuple[int, int]:
    """Make what is missing; returns the numbers of migrations applied and topics made. Running twice changes nothing."""
    topics = ensure_topics(settings)
    return prepare_warehouse(settings), len(topics)


def prepare_warehouse(settings: Settings) -> int:
    """Make what is missing in ClickHouse alone; returns the number of migrations applied."""
    applied = migrate(settings)
    with connection(settings, "admin") as client:
        create_derived_views(client)
        load_reference(client, source_rows(sources()))
    return len(applied)
