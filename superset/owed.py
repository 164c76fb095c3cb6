"""Who owes what a chart has not got yet: the departments whose sources send the streams it counts."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SOURCES = Path(__file__).resolve().parent.parent / "ingest" / "sources.yaml"


def senders(registry: Path = SOURCES) -> dict[str, list[str]]:
    """Event type → the departments that send it."""
    found: dict[str, list[str]] = {}
    for source in yaml.safe_load(registry.read_text(encoding="utf-8"))["sources"]:
        for event_type in source["event_types"]:
            found.setdefault(event_type, [])
            if source["department"] not in found[event_type]:
                found[event_type].append(source["department"])
    return found


def owed_by(chart: Mapping[str, Any], dataset: Mapping[str, Any], departments: Mapping[str, list[str]]) -> list[str]:
    """The departments that owe an empty chart: of the streams its filters name, or else its dataset's SQL."""
    filters = json.dumps(chart["params"]["adhoc_filters"])
    counted = re.sub(r"!= *'[^']*'", "", dataset["sql"])  # what it leaves out, nobody owes
    streams = [name for name in departments if name in filters] or [name for name in departments if name in counted]
    return sorted({department for name in streams for department in departments[name]})


def empty_states(owed: Mapping[str, list[str]]) -> str:
    """CSS that writes the departments under the words of each empty chart, by title (本月尚无报送, in words.yaml)."""
    rules = []
    for title, names in owed.items():
        if names:
            named = title.replace("\\", "\\\\").replace('"', '\\"')
            words = f"应报部门:{'、'.join(names)}"
            rules.append(f'[data-test-chart-name="{named}"] .ant-empty::after {{ content: "{words}"; display: block; }}')
    return "\n".join(rules)
