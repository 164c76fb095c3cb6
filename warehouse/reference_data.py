"""Loads reference data (sources, code labels, targets) from YAML into ClickHouse as one new edition."""

import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from clickhouse_driver import Client

from schemas.marks import code_list

TARGETS = Path(__file__).parent / "reference" / "targets.yaml"
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


def _insert(client: Client, table: str, edition: int, rows: Iterable[Sequence[Any]]) -> None:
    client.execute(f"INSERT INTO {table} VALUES", [(edition, *row) for row in rows])  # one block: seen whole or not at all


def _labels() -> Iterable[tuple[str, str, str]]:
    document = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    for stream, entry in document["streams"].items():
        codes = {code: label for name in entry.get("code_lists", ()) for code, label in code_list(name).items()}
        for code, label in (codes | entry.get("labels", {})).items():
            yield stream, code, label


def _targets() -> Iterable[tuple[Any, ...]]:
    for entry in yaml.safe_load(TARGETS.read_text(encoding="utf-8"))["targets"]:
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
        )
