"""What changed between a published contract and the model of today, and whether anybody's documents break by it.

A change breaks where a document that was valid is no longer, where documents would get other ids, or where a mark that protects
a person is gone. Then the type needs a new version and an upcast from the old one (schemas/upcast.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "x-decimal-places")
_FIXED = ("pattern", "const", "x-unit", "x-code-system", "x-personal")
_IDENTITY = ("x-natural-key", "x-day", "x-amount")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `where` is a dotted path within the event."""

    where: str
    what: str
    breaking: bool

    def __str__(self) -> str:
        return f"{'BREAKING' if self.breaking else 'ok':8} {self.where}: {self.what}"


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """All differences between two event schemas as `event_schema` makes them."""
    changes = [
        Change(
            name.removeprefix("x-"), f"{old.get(name)} → {new.get(name)}: documents would get other ids or other totals", True
        )
        for name in _IDENTITY
        if old.get(name) != new.get(name)
    ]
    return [*changes, *_object(old, new, "")]


def _object(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    closed = new.get("additionalProperties") is False
    for name in sorted(before.keys() - after.keys()):
        yield Change(f"{where}{name}", "removed", closed)
    for name in sorted(after.keys() - before.keys()):
        needed = name in new.get("required", ())
        yield Change(f"{where}{name}", "added and required" if needed else "added, optional", needed)
    for name in sorted(before.keys() & after.keys()):
        yield from _field(before[name], after[name], f"{where}{name}")
        was, needed = name in old.get("required", ()), name in new.get("required", ())
        if was != needed:
            yield Change(f"{where}{name}", "now required" if needed else "now optional", needed)


def _field(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[Change]:
    if "properties" in old and "properties" in new:
        yield from _object(old, new, f"{where}.")
        return
    before, after = _by_type(old), _by_type(new)
    for kind in sorted(before.keys() - after.keys()):
        yield Change(where, f"no longer {kind}", True)
    for kind in sorted(after.keys() - before.keys()):
        yield Change(where, f"may be {kind}", False)
    for kind in sorted(before.keys() & after.keys()):
        yield from _constraints(before[kind], after[kind], where)


def _by_type(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A field's alternatives by their type (with the format), each with the field's own marks."""
    own = {key: value for key, value in schema.items() if key not in ("anyOf", "description", "default", "title")}
    options = [{**own, **option} for option in schema.get("anyOf", [{}])]
    return {f"{option.get('type', 'any')} {option.get('format', '')}".strip(): option for option in options}


def _constraints(old: Mapping[str, Any], new: Mapping[str, Any], where: str) -> Iterator[Change]:
    for name in _FIXED:
        if old.get(name) != new.get(name):
            yield Change(where, f"{name.removeprefix('x-')} {old.get(name)} → {new.get(name)}", True)
    for names, sign in ((_LOWER, 1), (_UPPER, -1)):
        for name in names:
            was, now = old.get(name), new.get(name)
            if was != now:
                tighter = now is not None and (was is None or (now - was) * sign > 0)
                yield Change(where, f"{name.removeprefix('x-')} {was} → {now}", tighter)
    gone, more = set(old.get("enum", ())) - set(new.get("enum", ())), set(new.get("enum", ())) - set(old.get("enum", ()))
    if gone and "enum" in new:
        yield Change(where, f"no longer allowed: {', '.join(sorted(map(str, gone)))}", True)
    if more:
        yield Change(where, f"now allowed: {', '.join(sorted(map(str, more)))}", "enum" not in old)
