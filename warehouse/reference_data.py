"""Loads reference data (sources, code labels, targets, tasks) from YAML into ClickHouse as one new edition."""

import time
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from clickhouse_driver import Client

from schemas.marks import code_list
from warehouse.subsidy_rules import budgets, person_limits, subsidy_rules

REFERENCE = Path(__file__).parent / "reference"
TARGETS = REFERENCE / "targets.yaml"
TASKS = Path(__file__).parent / "reference" / "tasks.yaml"
LABELS = Path(__file__).parent / "reference" / "labels.yaml"


def load_reference(client: Client, sources: Iterable[Sequence[Any]]) -> None:
    """Write all reference tables; readers see the new edition once its insert is whole, or the old one.

    `sources` are rows of ops.source_edition without the edition. An edition is the load's time in milliseconds; two loads
    of the same files give the same view.
    """
    edition = time.time_ns() // 1_000_000
    _insert(client, "ops.source_edition", edition, sources)
    _insert(client, "mart.code_label_edition", edition, _labels())
    _insert(client, "mart.target_edition", edition, _targets())
    _insert(client, "mart.target_count_edition", edition, _countings())
    _insert(client, "mart.task_edition", edition, _tasks())
    _insert(client, "mart.task_measure_edition", edition, _measures())
    _insert(client, "mart.subsidy_rule_edition", edition, subsidy_rules())
    _insert(client, "mart.person_limit_edition", edition, person_limits())
    _insert(client, "mart.budget_edition", edition, budgets())


def _insert(client: Client, table: str, edition: int, rows: Iterable[Sequence[Any]]) -> None:
    client.execute(f"INSERT INTO {table} VALUES", [(edition, *row) for row in rows])  # one block: seen whole or not at all


def _labels() -> Iterable[tuple[str, str, str]]:
    document = _read(LABELS)
    for stream, entry in document["streams"].items():
        codes = {code: label for name in entry.get("code_lists", ()) for code, label in code_list(name).items()}
        for code, label in (codes | entry.get("labels", {})).items():
            yield stream, code, label


def _targets() -> Iterable[tuple[Any, ...]]:
    for entry in _read(TARGETS)["targets"]:
        path = entry.get("path", {})
        goal = entry.get("goal_2027")
        yield (
            entry["target"],
            entry["title"],
            entry["unit"],
            entry["kind"],
            entry.get("stream", ""),
            entry.get("categories", []),
            entry["indicators"],
            None if goal is None else Decimal(goal),
            list(path),
            [Decimal(factor) for factor in path.values()],
            entry["rule"],
            entry.get("source", "阳政发〔2024〕10号"),
            entry["departments"],
        )


def _countings() -> Iterable[tuple[Any, ...]]:
    for entry in _read(TARGETS)["targets"]:
        for way in entry.get("countings", ()):
            yield (
                entry["target"],
                *(way["counting"], way["title"], way["unit"]),
                *(way["stream"], way["categories"], way["measure"]),
            )


def _tasks() -> Iterable[tuple[Any, ...]]:
    document = _read(TASKS)
    for entry in document["tasks"]:
        yield entry["task"], entry["slug"], entry["title"], entry["lead"], entry["cooperating"], document["source"]


def _measures() -> Iterable[tuple[Any, ...]]:
    document, titles = _read(TASKS), code_list("indicator")
    due, aliases = document["due"], document["aliases"]
    first = date.fromisoformat(f"{due['first_period']}-01")
    for entry in document["tasks"]:
        for measure in entry["measures"]:
            code, department = measure["measure"], measure["department"]
            names = [department, *aliases.get(department, ())]
            terms = (first, due["day"], measure["source"], due["source"])
            yield entry["task"], code, titles[code], measure["unit"], department, names, *terms


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
