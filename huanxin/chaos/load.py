"""Events for a trial: made once by the real preparer, then stamped out with new keys and amounts, byte for byte the same."""

import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from random import Random
from typing import Any

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from ingest.build import build_preparer
from ingest.prepare import Prepared
from schemas.catalogue import event_types, example
from schemas.envelope import Envelope
from schemas.identity import ID_BYTES, EventId

TYPES = {"recycling.weighed": "ticket_no", "subsidy.paid": "pay_no"}
"""The types that a trial sends, with the key field that tells its documents apart."""
CATEGORY = {
    "recycling.weighed": ("category", ("废钢", "塑料", "冰箱")),
    "subsidy.paid": ("item_code", ("car_scrap", "car_replace")),
}
TOWNS = ("凤城镇", "润城镇", "北留镇", "町店镇")
_NUMBER, _YUAN = "CHAOS0000000000", "7654321.09"


@dataclass(frozen=True, slots=True)
class Event:
    """One event and what the oracle has to know of it; `fen` is its amount in hundredths of a yuan."""

    prepared: Prepared
    fen: int
    town: str
    category: str
    voided: bool


class Forge:
    """Makes events under the stack's key. Raises ConfigurationError where its stamp and the preparer disagree."""

    def __init__(self, settings: Settings) -> None:
        self.preparer = build_preparer(settings)
        self._stamps: dict[tuple[str, date, str, str, str], _Stamp] = {}

    def event(self, event_type: str, day: date, number: int, dice: Random, revision: int = 1, voided: bool = False) -> Event:
        """The `number`th document of a type, at one revision, with a town, category and amount by the dice."""
        status = "voided" if voided else "registered" if revision == 1 else "corrected"
        town, category = dice.choice(TOWNS), dice.choice(CATEGORY[event_type][1])
        key = (event_type, day, status, town, category)
        if key not in self._stamps:
            self._stamps[key] = _Stamp(self, *key)
        fen = dice.randrange(1, 2_000_000)
        return Event(self._stamps[key].event(f"CHAOS{number:010d}", revision, fen), fen, town, category, voided)

    def nth(self, days: list[date], number: int, dice: Random, revision: int = 1, voided: bool = False) -> Event:
        """The `number`th document of a trial: three weighings to one payout, spread over the days."""
        event_type = "subsidy.paid" if number % 4 == 3 else "recycling.weighed"
        return self.event(event_type, days[number % len(days)], number, dice, revision, voided)

    def envelope(self, event_type: str, day: date, number: str, **data: Any) -> dict[str, Any]:
        """The envelope of one document as its source would send it; `data` replaces fields."""
        document = copy.deepcopy(example(event_type))
        model = event_types()[event_type]
        document["time"] = f"{day}T10:30:00+08:00"
        document["data"][TYPES[event_type]] = number
        document["data"][model.day_field] = f"{day}T10:30:00+08:00"
        if "in_at" in document["data"]:
            document["data"]["in_at"] = f"{day}T10:00:00+08:00"
        document["data"] |= data
        return document


class _Stamp:
    """One preparer's output, cut at what differs from document to document."""

    def __init__(self, forge: Forge, event_type: str, day: date, status: str, town: str, category: str) -> None:
        self.event_type, self.day, self.identifier = event_type, day, forge.preparer.identifier
        fields = {"status": status, "town": town, CATEGORY[event_type][0]: category, "amount_yuan": _YUAN}
        envelope = forge.envelope(event_type, day, _NUMBER, **fields)
        self.model, self.source = event_types()[event_type], envelope["source"]
        self.key = self.model.model_validate(envelope["data"]).natural_key
        made = forge.preparer.prepare(Envelope.model_validate(envelope))
        at = made.value.index(b'"data":') + len(b'"data":')
        self.head = made.value[:at].split(str(made.event_id).encode())
        self.data = made.value[at:-1]
        if self.event(_NUMBER, 1, int(_YUAN.replace(".", ""))).value != made.value:
            raise ConfigurationError(
                "the stamp and the preparer disagree: Kafka's values have another form; correct this class"
            )

    def event(self, number: str, revision: int, fen: int) -> Prepared:
        """The document under another number, revision and amount."""
        natural_key = tuple(number if part == _NUMBER else part for part in self.key)
        event_id = EventId(self.day, self.identifier.id(self.source, self.event_type, natural_key), revision)
        yuan = f"{fen // 100}.{fen % 100:02d}"
        data = self.data.replace(_NUMBER.encode(), number.encode()).replace(_YUAN.encode(), yuan.encode())
        content = blake2b(data, digest_size=ID_BYTES).digest()
        head = str(event_id).encode().join(self.head).replace(self._hash, content.hex().encode())
        fingerprint = event_id.document + revision.to_bytes(4, "big") + content
        return Prepared(event_id, self.event_type, head + data + b"}", fingerprint, content)

    @cached_property
    def _hash(self) -> bytes:
        return blake2b(self.data, digest_size=ID_BYTES).hexdigest().encode()
