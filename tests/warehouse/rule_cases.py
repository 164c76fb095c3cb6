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
from warehouse.relations import definitions, derive, gather_reference, needed
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


class Court:
    """One session in which cases are judged, one after another, in temporary tables alone."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.filled: set[str] = set()
        client.execute("SET max_threads = 1")  # a few rows each: more threads would only cost
        for name in definitions()["documents"]:
            client.execute(f"CREATE OR REPLACE TEMPORARY TABLE {name} ENGINE = Memory EMPTY AS SELECT * FROM cases.{name}")
        gather_reference(client)

    def judge(self, rule: Rule, case: Case) -> dict[str, dict[str, Any]]:
        """The findings of a rule on a case's rows, by case key."""
        for name in self.filled:
            self.client.execute(f"TRUNCATE TABLE {name}")
        reference = set(case.rows) & set(definitions()["reference"])
        for name in reference:
            self.client.execute(f"TRUNCATE TABLE {name}")
        for number, (name, rows) in enumerate(case.rows.items()):
            for place, row in enumerate(rows):
                values = row if name in reference else _row(name, row, number * 1000 + place)
                self.client.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES", [values])
        self.filled = set(case.rows) - reference
        derive(self.client, case.today, needed([rule.sql]))
        self.client.execute(f"CREATE OR REPLACE TEMPORARY TABLE found ({FOUND}) ENGINE = Memory")
        self.client.execute(find_statement(rule, case.today, "true"))
        if reference:
            gather_reference(self.client)
        columns = ("case_key", "severity", "status", "amount_yuan", "question", "evidence", "recipients")
        found = self.client.execute(f"SELECT {', '.join(columns)} FROM found")
        return {row[0]: dict(zip(columns, row, strict=True)) for row in found}


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
