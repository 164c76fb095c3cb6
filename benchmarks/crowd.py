"""Multiplies the demonstration county within ClickHouse, to see pages and landing beside very many documents.

`python -m benchmarks.crowd --documents 100000000` on a running stack with the demonstration. Each copy of a document has an id,
numbers and pseudonyms of its own; days, towns, amounts and shops stay: every sum of the pages grows by the same factor. Cases
and findings are multiplied too, and the marts counted anew. Nothing takes the copies out again: use a stack of its own.
"""

import argparse
import time

from clickhouse_driver import Client

from huanxin.settings import settings
from schemas.catalogue import event_types, table
from warehouse.client import connection
from warehouse.rebuild import rebuild_daily
from warehouse.refreshed import refresh

ROWS = 2_000_000
"""Rows a statement writes, about: one statement's memory and the size of its parts follow from it."""

LEDGER = {"kafka_offset": "kafka_offset + copy * 100000000", "event": "sipHash64(event, copy)"}
COUNTED_ONCE = {"indicator.reported"}
"""Reports of one unit and month: a copy would be the same report again."""


def main() -> None:
    """Multiply and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000_000)
    arguments = parser.parse_args()
    chosen = settings()
    with connection(chosen, "admin") as client:
        begun = time.monotonic()
        tables = [f"landing.{table(name)}" for name in event_types() if name not in COUNTED_ONCE]
        copies = arguments.documents // sum(count(client, name) for name in tables)
        # A merge's sources need as much disk again, for eight minutes unless told otherwise.
        for name in (*tables, "landing.ledger", *merged(client)):
            client.execute(f"ALTER TABLE {name} MODIFY SETTING old_parts_lifetime = 5")
        for name in tables:
            multiply(client, name, copies, document(client, name))
        multiply(client, "landing.ledger", copies, LEDGER)
        for name in ("vehicle_case_row", "appliance_case_row", "application_case_row"):
            multiply(client, f"mart.{name}", copies, {"case_key": "concat(case_key, '-', toString(copy))"})
        finding = {"id": "reinterpretAsUUID(sipHash128(id, copy))", "case_key": "concat(case_key, '-', toString(copy))"}
        multiply(client, "mart.finding_version", copies, finding)
        print(f"filled in {time.monotonic() - begun:.0f} s", flush=True)
        client.execute("TRUNCATE TABLE mart.intake_cell")  # copies came at their originals' times: counted anew
        rebuild_daily(client, lambda what: print(what, flush=True))
        refresh(chosen)
        print(f"{sum(count(client, name) for name in tables):,} documents after {time.monotonic() - begun:.0f} s")


def merged(client: Client) -> list[str]:
    """The tables that what is landed is copied to."""
    rows = client.execute("SELECT name FROM system.tables WHERE database = 'cases' AND engine LIKE '%MergeTree'")
    return [f"cases.`{name}`" for (name,) in rows]


def document(client: Client, name: str) -> dict[str, str]:
    """What makes a copy another document: column → expression."""
    found = {"id": "sipHash128(id, copy)", "payload_hash": "sipHash128(payload_hash, copy)"}
    for column in plain_columns(client, name):
        if column.endswith("_no"):
            found[column] = f"concat({column}, '-', toString(copy))"
        elif column in ("payee_token", "account_token"):
            found[column] = f"if(account_kind = '商户', {column}, sipHash128({column}, copy))"
        elif column.endswith("_token"):
            found[column] = f"sipHash128({column}, copy)"
    return found


def plain_columns(client: Client, name: str) -> list[str]:
    """The columns that are stored as they come."""
    database, _, short = name.partition(".")
    rows = client.execute(
        "SELECT name FROM system.columns WHERE database = %(database)s AND table = %(short)s "
        "AND default_kind IN ('', 'DEFAULT') ORDER BY position",
        {"database": database, "short": short},
    )
    return [column for (column,) in rows]


def multiply(client: Client, name: str, copies: int, changed: dict[str, str]) -> None:
    """Write so many copies of each row of a table."""
    begun = time.monotonic()
    original = keep(client, name)
    write_copies(client, name, range(1, copies), changed)
    client.execute(f"DROP TABLE {original}")
    print(f"{name}: {copies} copies in {time.monotonic() - begun:.0f} s", flush=True)


def keep(client: Client, name: str) -> str:
    """The rows of a table as they are now, in a table of this connection's; returns its name."""
    original = f"original_{name.partition('.')[2]}"
    columns = ", ".join(plain_columns(client, name))
    client.execute(f"CREATE OR REPLACE TEMPORARY TABLE {original} ENGINE = Memory AS SELECT {columns} FROM {name}")
    return original


def write_copies(client: Client, name: str, copies: range, changed: dict[str, str]) -> None:
    """Write the copies of these numbers of what was kept of a table, some at a time."""
    original, columns = f"original_{name.partition('.')[2]}", plain_columns(client, name)
    step = max(1, ROWS // max(1, count(client, original)))
    selected = ", ".join(f"{changed[column]} AS {column}_" if column in changed else column for column in columns)
    for some in (copies[at : at + step] for at in range(0, len(copies), step)):
        client.execute(
            f"INSERT INTO {name} ({', '.join(columns)}) SELECT {selected} FROM {original} "
            f"CROSS JOIN (SELECT number AS copy FROM numbers({some.start}, {len(some)})) AS n",
            settings={
                "max_insert_threads": 1,
                "max_memory_usage": 0,
                "insert_deduplicate": 0,
                "send_timeout": 600,
                "receive_timeout": 600,
            },
        )


def count(client: Client, name: str) -> int:
    """Rows of a table."""
    ((rows,),) = client.execute(f"SELECT count() FROM {name}")
    return int(rows)


if __name__ == "__main__":
    main()
