"""Masked forms of personal values: enough for a clerk to recognise a row he already knows, too little to find a person."""

from collections.abc import Iterable

from schemas.marks import Kind

_KEEP: dict[Kind, tuple[int, int]] = {
    Kind.VIN: (3, 4),
    Kind.PERSON_ID: (3, 4),
    Kind.PHONE: (3, 4),
    Kind.PLATE: (2, 2),
    Kind.ACCOUNT: (0, 4),
    Kind.NAME: (1, 0),
    Kind.ADDRESS: (3, 0),
}
"""How many characters stay at the start and at the end."""


def mask(kind: Kind, value: str) -> str:
    """The value with its middle replaced by three stars, whatever its length (the length too can tell people apart)."""
    return masks(kind, [value])[0] or ""


def masks(kind: Kind, values: Iterable[str | None]) -> list[str | None]:
    """The masked forms of a column, None for None."""
    head, tail = _KEEP[kind]
    keep = head + tail
    if not tail:
        return [None if v is None else f"{v[:head]}***" if len(v) > keep else "***" for v in values]
    return [None if v is None else f"{v[:head]}***{v[-tail:]}" if len(v) > keep else "***" for v in values]
