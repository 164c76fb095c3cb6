"""Masked forms of personal values: enough for a clerk to recognise a row he already knows, too little to find a person."""

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
    head, tail = _KEEP[kind]
    if len(value) <= head + tail:
        return "***"
    return f"{value[:head]}***{value[len(value) - tail :]}"
