"""Gathers what the rules read into temporary tables of one session: everything, the documents of some cases, or as of a moment.

A rule is plain SQL on the names of `warehouse/relations/relations.yaml`, which are temporary tables of the session. So the same
file judges a second's touched cases, all cases, and the cases as they stood at a past moment.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from clickhouse_driver import Client

from schemas.catalogue import table
from schemas.event import CHINA
from warehouse.rulebook import fill

RELATIONS = Path(__file__).parent / "relations"
Document = tuple[str, date, bytes]
"""Stream (CloudEvents type), day and document id."""

ONE_THREAD = {"max_threads": 1}
"""For statements on a few documents: starting more threads costs more than they save."""

WHOLE = ONE_THREAD | {"max_bytes_before_external_group_by": 2**30, "max_bytes_before_external_sort": 2**30}
"""For statements on all documents: what does not fit goes to disk, since merges want memory at the same time; landing has the
other processors meanwhile."""

# Millions of applications are grouped along the sort key, in little memory.
_IN_ORDER = WHOLE | {"optimize_aggregation_in_order": 1}
_DESCRIBED: dict[str, list[str]] = {}
"""Source → its columns: they change with a release only, and asking costs as much as reading a few documents."""
_EVENT = "concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event"


@cache
def definitions() -> dict[str, Any]:
    """The file as it is."""
    loaded: dict[str, Any] = yaml.safe_load((RELATIONS / "relations.yaml").read_text(encoding="utf-8"))
    return loaded


def streams() -> set[str]:
    """The event types whose documents rules can read; a document of another type belongs to no case."""
    return {entry["stream"] for entry in definitions()["documents"].values()}


def gather_all(client: Client, today: date, names: Collection[str]) -> None:
    """Copy every relation among `names`, of its columns those among them, sorted by its case: one snapshot for all rules."""
    for name, entry in definitions()["documents"].items():
        if name in names:
            columns = _columns(client, f"cases.{name}", {*names, *entry["key"].split(", ")})
            _make(client, name, f"SELECT {columns} FROM cases.{name}", entry["key"])
    gather_reference(client)
    derive(client, today, names, sort=True)


def gather_as_of(client: Client, moment: datetime, names: Collection[str]) -> None:
    """What had been received by the moment, and the reference data loaded by then (or the first, where none was)."""
    as_of = f"toDateTime64('{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S.%f}', 6, 'Asia/Shanghai')"
    for name, entry in definitions()["documents"].items():
        if name in names:
            source = f"landing.{table(entry['stream'])}_as_of(as_of = {as_of})"
            _make(client, name, f"SELECT *, {_EVENT} FROM {source} WHERE status != 'voided'", entry["key"])
    gather_reference(client, moment)
    derive(client, moment.astimezone(CHINA).date(), names, sort=True)


def find_cases(client: Client, documents: Sequence[Document]) -> set[str]:
    """Leave the cases that these documents touch in the temporary table `judged`; returns their kinds.

    A correction may have taken a document from a case: its keys of all revisions count as touched.
    """
    narrow = " OR ".join(f"startsWith(key, '{kind}:')" for kind in definitions()["narrow_keys"])
    names = {entry["stream"]: name for name, entry in definitions()["documents"].items()}
    _empty(client, "touched", "stream String, day Date, id FixedString(16)")
    client.execute("INSERT INTO touched VALUES", [(names[stream], day, document) for stream, day, document in documents])
    _empty(client, "judged", "key String")
    for stream in {stream for stream, _, _ in documents}:
        where = f"(day, id) IN (SELECT day, id FROM touched WHERE stream = '{names[stream]}')"
        client.execute(f"INSERT INTO judged SELECT DISTINCT arrayJoin(case_keys) FROM landing.{table(stream)} WHERE {where}")
    # A new car's document leads to the application that names it, and that one to the old car.
    _reach(client, f"key IN (SELECT key FROM judged WHERE {narrow})")
    _more_keys(client, "judged")
    rows = client.execute("SELECT DISTINCT substring(key, 1, position(key, ':') - 1) FROM judged")
    return {kind for (kind,) in rows}


def gather_cases(client: Client, today: date, names: Collection[str], proposed: bool = False) -> None:
    """The documents of every case in `judged`, and of the applications and cars that their payments name.

    With `proposed`, the payments in the temporary table `proposed` count as if they had been made.
    """
    _reach(client, "key IN (SELECT key FROM judged)")
    _empty(client, "around", "key String")
    _more_keys(client, "around")
    client.execute("INSERT INTO reached SELECT stream, day, id FROM cases.link WHERE key IN (SELECT key FROM around)")
    for name in definitions()["documents"]:
        if name in names:
            where = f"(day, id) IN (SELECT day, id FROM reached WHERE stream = '{name}')"
            columns = f"{_columns(client, f'cases.{name}_row', names)}, {_EVENT}"
            select = f"SELECT {columns} FROM cases.{name}_row FINAL WHERE status != 'voided' AND {where}"
            if proposed and name == "payout":
                select = f"{select} AND id NOT IN (SELECT id FROM proposed) UNION ALL SELECT {columns} FROM proposed"
            _make(client, name, select)
    gather_reference(client)
    derive(client, today, names)


def propose(client: Client, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[str, list[str]]]:
    """Leave payments that were not made yet in the temporary table `proposed`, and their cases in `judged`.

    `columns` and `rows` are those of cases.payout_row. Returns each payment's event and its cases, in no order.
    """
    _make(client, "proposed", "SELECT * FROM cases.payout_row WHERE 0")
    client.execute(f"INSERT INTO proposed ({', '.join(columns)}) VALUES", rows)
    found = client.execute(f"SELECT {_EVENT}, {_payout_keys(client)} FROM proposed")
    _empty(client, "judged", "key String")
    client.execute("INSERT INTO judged VALUES", [(key,) for key in {key for _, keys in found for key in keys}])
    return [(event, keys) for event, keys in found]


def _payout_keys(client: Client) -> str:
    """How landing.subsidy_paid says which cases a payment belongs to."""
    ((expression,),) = client.execute(
        "SELECT default_expression FROM system.columns "
        "WHERE database = 'landing' AND table = 'subsidy_paid' AND name = 'case_keys'"
    )
    return str(expression)


def _reach(client: Client, where: str) -> None:
    _make(client, "reached", f"SELECT stream, day, id FROM cases.link WHERE {where}")


def _more_keys(client: Client, name: str) -> None:
    """Add the applications and cars that the payments among the reached documents name."""
    client.execute(
        f"INSERT INTO {name} SELECT DISTINCT arrayJoin(case_keys) AS key FROM landing.subsidy_paid "
        "WHERE (day, id) IN (SELECT day, id FROM reached WHERE stream = 'payout') "
        "AND (startsWith(key, 'apply:') OR startsWith(key, 'vin:'))"
    )


def gather_reference(client: Client, moment: datetime | None = None) -> None:
    """The newest edition of the reference data, or the one that was newest at the moment."""
    for name, entry in definitions()["reference"].items():
        source = entry["table"]
        edition = f"SELECT max(edition) FROM {source}"
        if moment:
            loaded = int(moment.timestamp() * 1000)
            edition = (
                f"SELECT if(countIf(edition <= {loaded}) > 0, maxIf(edition, edition <= {loaded}), min(edition)) FROM {source}"
            )
        _make(client, name, f"SELECT * EXCEPT edition FROM {source} WHERE edition = ({edition})")


def needed(statements: Iterable[str]) -> set[str]:
    """The names of relations and columns that statements read, with those that the derived relations among them read."""
    words = {word for statement in statements for word in re.findall(r"\w+", statement)}
    for name in reversed(definitions()["derived"]):
        words |= set(re.findall(r"\w+", _derived_sql(name))) if name in words else set()
    return words


def _columns(client: Client, source: str, names: Collection[str]) -> str:
    """The columns of a source that are among the names."""
    if source not in _DESCRIBED:
        _DESCRIBED[source] = [column for column, *_ in client.execute(f"DESCRIBE TABLE {source}")]
    return ", ".join(column for column in _DESCRIBED[source] if column in names)


def derive(client: Client, today: date, names: Collection[str], *, sort: bool = False) -> None:
    """Make the derived relations among `names` from the documents' relations of this session."""
    for name, entry in definitions()["derived"].items():
        if name in names:
            _make(client, name, fill(_derived_sql(name), {**entry, "today": today}), entry["key"] if sort else None)


@cache
def _derived_sql(name: str) -> str:
    return (RELATIONS / f"{name}.sql").read_text(encoding="utf-8")


def _make(client: Client, name: str, select: str, key: str | None = None) -> None:
    engine = f"MergeTree ORDER BY ({key})" if key else "Memory"
    client.execute(
        f"CREATE OR REPLACE TEMPORARY TABLE {name} ENGINE = {engine} AS {select}", settings=_IN_ORDER if key else ONE_THREAD
    )


def _empty(client: Client, name: str, columns: str) -> None:
    client.execute(f"CREATE OR REPLACE TEMPORARY TABLE {name} ({columns}) ENGINE = Memory")
