"""Reads docker-compose.yml as an engine would: YAML anchors resolved, variables filled in from .env.example."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from huanxin.settings import CHECKOUT

_LINE = re.compile(r"(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z][A-Z0-9_]*)(?P<how>:-|:\?)(?P<rest>[^}]*)\}")


@dataclass(frozen=True)
class Listed:
    """One line of .env.example, with the comment above it."""

    value: str
    comment: str


@dataclass
class Compose:
    """The compose file with every required variable filled in as `<NAME>` and every other by its default."""

    services: dict[str, Any]
    networks: dict[str, Any]
    volumes: dict[str, Any]
    required: set[str] = field(default_factory=set)
    defaults: dict[str, set[str]] = field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        """A service's environment; compose hands over text, so anything else is a mistake."""
        found: dict[str, Any] = self.services[service].get("environment", {})
        assert all(isinstance(value, str) for value in found.values()), f"quote the values of {service}: {found}"
        return found


@cache
def compose() -> Compose:
    """The compose file of the checkout."""
    required: set[str] = set()
    defaults: dict[str, set[str]] = {}

    def filled(match: re.Match[str]) -> str:
        if match["how"] == ":?":
            required.add(match["name"])
            return f"<{match['name']}>"
        defaults.setdefault(match["name"], set()).add(match["rest"])
        return match["rest"]

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: resolve(value) for key, value in node.items()}
        if isinstance(node, list):
            return [resolve(value) for value in node]
        if isinstance(node, str):
            text = _VARIABLE.sub(filled, node)
            assert "$" not in text, f"a variable without :? or :- may silently be empty: {node}"
            return text
        return node

    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    document = resolve(yaml.safe_load(text))
    return Compose(document["services"], document["networks"], document["volumes"], required, defaults)


@cache
def listed() -> dict[str, Listed]:
    """Variable → its line in .env.example. A name that stands there twice, or a line that is neither, fails."""
    found: dict[str, Listed] = {}
    comment: list[str] = []
    for line in (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line)
        elif match := _LINE.fullmatch(line):
            assert match["name"] not in found, f"{match['name']} stands twice in .env.example"
            found[match["name"]] = Listed(match["value"], "\n".join(comment))
            comment = []
        else:
            assert not line, f".env.example: {line!r} is no NAME=value"
            comment = []
    return found
