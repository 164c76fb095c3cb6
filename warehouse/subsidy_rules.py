"""The subsidy rules, personal limits and budgets of `warehouse/reference/subsidy_rules.yaml` as rows of their tables."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SUBSIDY_RULES = Path(__file__).parent / "reference" / "subsidy_rules.yaml"
ALWAYS = (date(1970, 1, 1), date(2149, 6, 6))


@cache
def document() -> dict[str, Any]:
    """The file as it is."""
    loaded: dict[str, Any] = yaml.safe_load(SUBSIDY_RULES.read_text(encoding="utf-8"))
    return loaded


def subsidy_rules() -> Iterable[tuple[Any, ...]]:
    """Rows of mart.subsidy_rule_edition, without the edition. An amount that is not known is None."""
    for entry in document()["rules"]:
        until = entry.get("old_until", {})
        yield (
            *(entry["item"], entry["version"], entry["variant"]),
            *entry["apply"],
            *entry.get("acts", ALWAYS),
            *(entry["published"], entry["basis"]),
            *(_decimal(entry.get(name)) for name in ("amount", "percent", "cap")),
            *(until.get(name) for name in ("petrol", "other", "nev")),
            *(entry.get("held_before"), entry.get("displacement_ml")),
            *(entry["verified"], entry["condition"], entry["source"]),
        )


def person_limits() -> Iterable[tuple[Any, ...]]:
    """Rows of mart.person_limit_edition."""
    return ((e["item"], e["from"], e["limit"], e["verified"], e["source"]) for e in document()["person_limits"])


def budgets() -> Iterable[tuple[Any, ...]]:
    """Rows of mart.budget_edition, in yuan."""
    for entry in document()["budgets"]:
        yield entry["fund_source"], entry["year"], Decimal(entry["approved_yuan"]), entry["synthetic"], entry["source"]


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
