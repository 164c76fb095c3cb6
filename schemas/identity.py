"""Ids and tokens: keyed hashes, so that nobody without the key can try out VINs or identity numbers against them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas.marks import Kind

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Identifier:
    """Makes ids and tokens under one secret key. The key must stay the same for the life of the data.

    BLAKE2b (RFC 7693) keyed, 16 bytes; `person` separates ids from each kind of token.
    """

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < 32:
            raise ValueError("the pseudonym key must have at least 32 bytes; make one with `openssl rand -hex 32`")

    def id(self, source: str, event_type: str, natural_key: Iterable[str]) -> bytes:
        """The 16-byte id of one business document: equal for every revision and every resend of it."""
        return self._hash(b"id", "\x1f".join((source, event_type, *natural_key)))

    def token(self, kind: Kind, value: str) -> bytes:
        """The 16-byte pseudonym of a personal value: equal wherever the same value of the same kind appears."""
        return self._hash(kind.value.encode(), normalise(value))

    def _hash(self, person: bytes, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), digest_size=ID_BYTES, key=self.key[:64], person=person).digest()


def normalise(value: str) -> str:
    """Case and spaces do not make another person or car."""
    return "".join(value.split()).upper()


class EventId(NamedTuple):
    """The CloudEvents id: business day, document id and revision, as `20240424-<32 hex digits>-1`.

    It is deterministic (a resend has the same id) and it leads straight to the landing table's sort key (day, id, revision).
    """

    day: date
    document: bytes
    revision: int

    def __str__(self) -> str:
        return f"{self.day.isoformat().replace('-', '')}-{self.document.hex()}-{self.revision}"

    @classmethod
    def parse(cls, text: str) -> "EventId":
        """Raises ValueError where the text is not an event id."""
        day, document, revision = text.split("-")
        parsed = cls(date(int(day[:4]), int(day[4:6]), int(day[6:])), bytes.fromhex(document), int(revision))
        if str(parsed) != text or len(parsed.document) != ID_BYTES:
            raise ValueError(f"not an event id: {text!r}")
        return parsed
