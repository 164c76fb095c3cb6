"""Recomputes the rows of the case tables from a session's relations: `warehouse/case_tables/<table>.sql` is one table's."""

from pathlib import Path

from clickhouse_driver import Client

from warehouse.relations import WHOLE

CASE_ROWS = Path(__file__).parent / "case_tables"
KINDS = {"vehicle_case": "vin", "appliance_case": "serial", "application_case": "apply"}
"""Table → the kind of its case key."""

_RECOMPUTE = """
INSERT INTO mart.{table}_row
WITH cases AS
(
{sql}
)
SELECT *, true AS live, {now} AS computed_at FROM cases WHERE {judged}
"""

# A row whose case is no more (all its documents voided, or moved to another case by a correction) stays, no longer live.
_RETIRE = """
INSERT INTO mart.{table}_row
SELECT * REPLACE (false AS live, {now} AS computed_at)
FROM (SELECT * FROM mart.{table}_row FINAL WHERE live AND computed_at < {now} AND {judged})
"""


def recompute(client: Client, table: str, now: str, judged: str) -> None:
    """Recompute the rows of the judged cases; `now` is when the run began, as SQL."""
    sql = sql_of(table)
    client.execute(_RECOMPUTE.format(table=table, sql=sql, now=now, judged=judged), settings=WHOLE | {"join_use_nulls": 1})
    client.execute(_RETIRE.format(table=table, now=now, judged=judged), settings=WHOLE)


def sql_of(table: str) -> str:
    """The SELECT of a table's rows."""
    return (CASE_ROWS / f"{table}.sql").read_text(encoding="utf-8")
