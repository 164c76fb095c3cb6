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
    applied = migrate(settings)
    with connection(settings, "admin") as client:
        create_derived_views(client)
        load_reference(client, source_rows(sources()))
    return len(applied), len(topics)
