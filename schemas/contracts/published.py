"""The published contracts under docs/contracts: written by `export`, and what `diff` compares the models with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from huanxin.errors import ConfigurationError
from schemas.contracts.asyncapi import asyncapi
from schemas.contracts.compare import Change, compare
from schemas.contracts.json_schema import event_schema
from schemas.contracts.open_data import open_data_contract
from schemas.event import EventData


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one type since it was published; `refused` says why the change may not go out, empty if it may."""

    event_type: str
    changes: tuple[Change, ...]
    refused: str = ""


def documents(models: Mapping[str, type[EventData]]) -> dict[str, str]:
    """File name → content of every contract document."""
    found = {"asyncapi.yaml": _yaml(asyncapi(models))}
    for name, model in models.items():
        found[schema_name(name, model.version)] = json.dumps(event_schema(model), ensure_ascii=False, indent=2) + "\n"
        found[f"{name}.odcs.yaml"] = _yaml(open_data_contract(model))
    return found


def export(models: Mapping[str, type[EventData]], folder: Path, replace: bool = False) -> list[Path]:
    """Write every document; older versions' schemas stay. Returns the files written.

    Raises ConfigurationError rather than overwrite a published version with one that breaks documents, unless `replace`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    refused = [verdict for verdict in (_verdict(name, model, folder) for name, model in models.items()) if verdict.refused]
    if refused and not replace:
        raise ConfigurationError("; ".join(f"{verdict.event_type}: {verdict.refused}" for verdict in refused))
    written = []
    for name, text in documents(models).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def diff(models: Mapping[str, type[EventData]], folder: Path) -> list[Verdict]:
    """Compare every type with its newest published version. Raises ConfigurationError where nothing was published yet."""
    if not any(folder.glob("*.schema.json")):
        raise ConfigurationError(f"no contract lies in {folder}; write them first: huanxin contracts export --out {folder}")
    return [_verdict(name, model, folder) for name, model in models.items()]


def schema_name(event_type: str, version: int) -> str:
    """The file of one version's JSON Schema."""
    return f"{event_type}.v{version}.schema.json"


def _verdict(name: str, model: type[EventData], folder: Path) -> Verdict:
    version = model.version
    while version > 0 and not (folder / schema_name(name, version)).exists():
        version -= 1
    if version == 0:
        return Verdict(name, (Change("", "new type", False),))
    old = json.loads((folder / schema_name(name, version)).read_text(encoding="utf-8"))
    changes = tuple(compare(old, event_schema(model)))
    if not any(change.breaking for change in changes):
        return Verdict(name, changes)
    if version == model.version:
        return Verdict(name, changes, f"raise its version to {version + 1} and give an upcast from {version}")
    missing = [step for step in range(version, model.version) if step not in model.upcasts]
    return Verdict(name, changes, f"give an upcast from version {missing[0]}" if missing else "")


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=120)
