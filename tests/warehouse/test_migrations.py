"""Migrations: named and numbered right, and what they make is what the models declare."""

from pathlib import Path

import pytest

from huanxin.errors import ConfigurationError
from schemas.catalogue import event_types, table
from tests.conftest import Stack
from warehouse.columns import ENVELOPE_COLUMNS, data_columns
from warehouse.migrate import migration_files

MEASURES = {
    "m_town": "String",
    "m_category": "String",
    "m_pieces": "Int64",
    "m_net_kg": "Decimal(18, 2)",
    "m_amount_yuan": "Decimal(18, 2)",
    "case_keys": "Array(String)",
}


def test_the_tree_s_migrations_are_in_order() -> None:
    assert migration_files()[0].name == "001_databases.sql"


@pytest.mark.parametrize("names", [["001_a.sql", "001_b.sql"], ["first.sql"], ["1_a.sql"]])
def test_doubled_or_unnumbered_names_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ConfigurationError):
        migration_files(tmp_path)


@pytest.mark.parametrize("event_type", list(event_types()))
def test_every_type_has_its_migration(event_type: str) -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in migration_files())
    for name in (
        f"TABLE landing.{table(event_type)}\n",
        f"VIEW landing.{table(event_type)}_current",
        f"{table(event_type)}_as_of",
    ):
        assert name in text


@pytest.mark.stack
@pytest.mark.parametrize("event_type", list(event_types()))
def test_the_migrated_table_is_the_model(stack: Stack, event_type: str) -> None:
    columns = stack.clickhouse(
        "SELECT name, type, default_kind FROM system.columns WHERE database = 'landing' AND table = %(t)s ORDER BY position",
        {"t": table(event_type)},
    )
    declared = ENVELOPE_COLUMNS | {column.name: column.type for column in data_columns(event_types()[event_type])}
    assert {name: kind for name, kind, default in columns if default == ""} == declared
    assert {name: kind for name, kind, default in columns if default == "ALIAS"} == MEASURES


@pytest.mark.stack
def test_the_as_of_view_gives_the_state_of_then(stack: Stack) -> None:
    query = "SELECT count() FROM landing.usedcar_transferred_as_of(as_of = {})"
    assert stack.clickhouse(query.format("'2020-01-01 00:00:00.000'")) == [(0,)]
    assert stack.clickhouse(query.format("'2100-01-01 00:00:00.000'"))[0][0] > 10_000
