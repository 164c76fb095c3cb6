"""Reads `assets/`: one YAML file per database, dataset, chart and page."""

import re
from pathlib import Path
from typing import Any, TypeAlias

import yaml

ASSETS = Path(__file__).parent / "assets"
KEYS = {
    "databases": {"uuid", "name", "uri", "extra"},
    "datasets": {"uuid", "description", "sql", "columns", "metrics"},
    "charts": {"uuid", "name", "description", "dataset", "viz_type", "where", "params", "like"},
    "dashboards": {"uuid", "order", "title", "slug", "rows", "filters", "help"},
}
"""The folders, and what a file in each may say."""
REQUIRED = {
    "databases": {"uuid", "name", "uri"},
    "datasets": {"uuid", "description", "sql", "columns"},
    "charts": {"uuid"},
    "dashboards": {"uuid", "order", "title", "slug", "rows"},
}
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
Tree: TypeAlias = dict[str, dict[str, dict[str, Any]]]
"""Kind → path without ending → the file's content."""


class BundleError(Exception):
    """A file of the tree cannot be used: which one, and why. Nothing was changed; a retry without an edit fails again."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"superset/assets/{file}: {reason}" if file else reason)


def read_tree(root: Path = ASSETS) -> Tree:
    """Every YAML file by kind and by its path without ending, checked for keys and repeated uuids."""
    tree: Tree = {kind: {} for kind in KEYS}
    seen: dict[str, str] = {}
    for file in sorted(root.rglob("*.yaml")):
        name = file.relative_to(root)
        kind, stem = name.parts[0], "/".join(name.with_suffix("").parts[1:])
        if kind not in KEYS:
            raise BundleError(str(name), f"lies in none of the folders {', '.join(KEYS)}")
        entry = _read(file, str(name))
        if missing := REQUIRED[kind] - entry.keys():
            raise BundleError(str(name), f"lacks {', '.join(sorted(missing))}")
        if unknown := entry.keys() - KEYS[kind]:
            raise BundleError(str(name), f"has unknown keys: {', '.join(sorted(unknown))}")
        if not UUID.match(str(entry["uuid"])):
            raise BundleError(str(name), f"has no proper uuid: {entry['uuid']}")
        if other := seen.get(entry["uuid"]):
            raise BundleError(str(name), f"has the uuid of {other}")
        seen[entry["uuid"]] = str(name)
        tree[kind][stem] = entry
    return tree


def _read(file: Path, name: str) -> dict[str, Any]:
    try:
        entry = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BundleError(name, f"is not YAML: {error}") from error
    if not isinstance(entry, dict):
        raise BundleError(name, "is not a mapping")
    return entry
