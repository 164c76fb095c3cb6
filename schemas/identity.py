"""Ids and tokens: keyed hashes, so that nobody without the key can try out VINs or identity numbers against them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
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

    def tokens(self, kind: Kind, values: Sequence[str | None]) -> list[bytes | None]:
        """The pseudonyms of a column, None for None. Each distinct value is hashed once, from a state that has read the key."""
        distinct = set(values)
        texts = distinct - {None} if None in distinct else distinct
        if len(texts) == len(values):
            return [*self._digests(kind, values)]  # type: ignore[arg-type]  # none of them is None
        found: dict[str | None, bytes | None] = dict(zip(texts, self._digests(kind, texts), strict=True))  # type: ignore[arg-type]
        found[None] = None
        return [found[value] for value in values]

    def _digests(self, kind: Kind, values: Collection[str]) -> Iterator[bytes]:
        copy = _keyed(self.key[:64], kind.value.encode()).copy
        for text in _normalised(values):
            state = copy()
            state.update(text)
            yield state.digest()

    def _hash(self, person: bytes, text: str) -> bytes:
        state = _keyed(self.key[:64], person).copy()
        state.update(text.encode())
        return state.digest()


@cache
def _keyed(key: bytes, person: bytes) -> "hashlib.blake2b":
    """The state that has read the key, which costs as much as hashing a short text: to be copied."""
    return hashlib.blake2b(digest_size=ID_BYTES, key=key, person=person)


def _normalised(values: Collection[str]) -> list[bytes]:
    """`normalise` for many values, in UTF-8: together where none has a space or a zero character, which is nearly always."""
    text = "\0".join(values).upper()
    together = text.encode().split(b"\0")
    if len(together) == len(values) and text.split() == [text]:
        return together
    return [normalise(value).encode() for value in values]


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
