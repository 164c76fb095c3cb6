"""Rule cases as data: rows in, findings out. A file of `tests/warehouse/rules/` holds the cases of the rule it is named for.

A row gives the fields that matter; the rest are `defaults.yaml`'s. A personal field is written by its own name (`old_vin: V1`),
and so is the key of a finding (`vin:V1`): tokens are made of them here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from clickhouse_driver import Client

from schemas.catalogue import event_types
from warehouse.columns import data_columns
from warehouse.relations import definitions, derive, gather_reference
from warehouse.rulebook import Rule
from warehouse.supervise import FOUND, find_statement

FOLDER = Path(__file__).parent / "rules"
TODAY = date(2025, 6, 30)
PERSONAL_KEYS = ("vin", "person", "account", "phone", "address", "truck", "seller")


@dataclass(frozen=True)
class Case:
    """One case of a rule: `findings` maps a case key to what must be true of its finding."""

    rule: str
    name: str
    rows: dict[str, list[dict[str, Any]]]
    findings: dict[str, dict[str, Any]]
    today: date


@cache
def defaults() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "defaults.yaml").read_text(encoding="utf-8"))
    return loaded


def cases() -> list[Case]:
    """Every case of every file."""
    found = []
    for path in sorted(FOLDER.glob("A*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(Case(path.stem, entry["name"], entry["rows"], entry["findings"] or {}, entry.get("today", TODAY)))
    return found


def judge(client: Client, rule: Rule, case: Case) -> dict[str, dict[str, Any]]:
    """The findings of a rule on a case's rows, by case key. Writes into temporary tables of the session alone."""
    documents, reference = definitions()["documents"], definitions()["reference"]
    for name in documents:
        client.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ENGINE = Memory EMPTY AS SELECT * FROM cases.{name}")
        client.execute(f"TRUNCATE TABLE {name}")
    for name in set(reference) & set(case.rows):
        entry = reference[name]["table"]
        client.execute(
            f"CREATE OR REPLACE TEMPORARY TABLE {name} ENGINE = Memory EMPTY AS SELECT * EXCEPT edition FROM {entry}"
        )
    if not set(reference) & set(case.rows):
        gather_reference(client)
    for name, rows in case.rows.items():
        for number, row in enumerate(rows):
            values = _row(name, row, list(case.rows).index(name) * 1000 + number) if name in documents else row
            client.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES", [values])
    derive(client, case.today)
    client.execute(f"CREATE OR REPLACE TEMPORARY TABLE found ({FOUND}) ENGINE = Memory")
    client.execute(find_statement(rule, case.today, "true"))
    columns = ("case_key", "severity", "status", "amount_yuan", "question", "evidence", "recipients")
    return {row[0]: dict(zip(columns, row, strict=True)) for row in client.execute(f"SELECT {', '.join(columns)} FROM found")}


def token(value: str) -> bytes:
    """Sixteen bytes that stand for a personal value here."""
    return value.encode().ljust(16, b".")[:16]


def case_key(key: str) -> str:
    """The key as the rules write it."""
    kind, _, value = key.partition(":")
    return f"{kind}:{token(value).hex()}" if kind in PERSONAL_KEYS else key


def _row(relation: str, given: dict[str, Any], number: int) -> dict[str, Any]:
    model = event_types()[definitions()["documents"][relation]["stream"]]
    row: dict[str, Any] = {}
    for name, value in {**defaults()[relation], **given}.items():
        if f"{name}_token" in _personal(relation):
            if value is not None:
                row |= {f"{name}_token": token(str(value)), f"{name}_masked": str(value)}
        else:
            row[name] = value
    times = [name for name in row if name.endswith("_at")]
    row |= {name: _moment(row[name]) for name in times}
    day = row.get(model.day_field) if model.day_field in row else date(2024, 1, 1)
    day = day.date() if isinstance(day, datetime) else day
    return row | {"day": day, "id": number.to_bytes(16, "big"), "event": f"{relation}-{number % 1000 + 1}"}


@cache
def _personal(relation: str) -> frozenset[str]:
    model = event_types()[definitions()["documents"][relation]["stream"]]
    return frozenset(column.name for column in data_columns(model) if column.kind)


def _moment(value: Any) -> datetime:
    china = timezone(timedelta(hours=8))
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=china)
    return datetime(value.year, value.month, value.day, 10, tzinfo=china)
