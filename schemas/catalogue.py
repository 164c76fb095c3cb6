"""The event types there are, discovered from `schemas/events/`: adding a module there adds a type everywhere."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from schemas import events
from schemas.event import EventData

EXAMPLES = Path(__file__).parent / "examples"

TOUCHED_CELLS = "huanxin.touched.cells"
TOUCHED_CASES = "huanxin.touched.cases"
POSITIONS = "huanxin.positions"
HEARTBEATS = "huanxin.heartbeats"
CHANGES = "huanxin.changes"
"""What Debezium's topics of captured changes begin with: huanxin.changes.<schema>.<table>."""


@cache
def event_types() -> Mapping[str, type[EventData]]:
    """CloudEvents type → model, sorted by type."""
    found: dict[str, type[EventData]] = {}
    for module in iter_modules(events.__path__):
        for value in vars(import_module(f"{events.__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, EventData) and value is not EventData:
                found[value.event_type] = value
    return dict(sorted(found.items()))


def topic(event_type: str) -> str:
    """The Kafka topic that carries a type's events, keyed by business key."""
    return f"huanxin.{event_type}"


def dead_letter_topic(event_type: str) -> str:
    """The Kafka topic that carries what could not be landed, sealed."""
    return f"huanxin.{event_type}.dlq"


def table(event_type: str) -> str:
    """The name of a type's table in the `landing` database."""
    return event_type.replace(".", "_")


def example(event_type: str) -> dict[str, Any]:
    """The example payload of a type: a valid CloudEvents envelope, synthetic."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"{event_type}.json").read_text(encoding="utf-8"))
    return document
