"""From one chunk of Kafka records to what is stored: the typed table's columns, the ledger, dead letters, touched days.

Pure: no network. A permanent fault of the data makes a dead letter of that record alone; anything else is raised, because a
fault of ours is retried and never becomes a dead letter. All is laid out column by column, with one pass of Python over each.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from struct import iter_unpack
from typing import Any

from pydantic import ValidationError

from huanxin.errors import RejectedError
from schemas.envelope import MAX_REVISION
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.masking import masks
from schemas.reading import Columns, Values, columns_of, property_of, read_many, read_one
from schemas.rejection import rejection
from schemas.seal import Seal
from schemas.wire import Message, of_today
from streams.dead_letter import DeadLetter, dead_letter
from warehouse.columns import Column, data_columns
from warehouse.store import LEDGER_COLUMNS
from warehouse.wire import day, days, nothing_in, to_date, travel_values

BLOCK = 1000
"""Records worked on together: so many stay in the processor's cache, and a bad one has few neighbours to be read one by one."""
UNKNOWN_DAY = 0
LAST_DAY = 2**16 - 1
CHINA_MS, DAY_MS = 8 * 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Landing:
    """What one chunk comes to. `columns` is empty where every record is a dead letter."""

    columns: dict[str, Sequence[Any]]
    ledger: dict[str, list[Any]]
    dead_letters: list[DeadLetter]
    days: set[date]


_Read = tuple[Columns, Sequence[Any], list[tuple[Any, RejectedError]], list[int]]
"""The good messages, their records, the refused records with the reason, the good messages' days."""


@dataclass(frozen=True, slots=True)
class Lander:
    """Lands chunks of one event type."""

    model: type[EventData]
    identifier: Identifier
    seal: Seal

    def land(self, topic: str, partition: int, records: Sequence[Any]) -> Landing:
        """Validate, pseudonymise and lay out one chunk. `records` have value, offset and timestamp (ms)."""
        return together(self.blocks(topic, partition, records))

    def blocks(self, topic: str, partition: int, records: Sequence[Any]) -> list[Landing]:
        """The same in parts, for a caller that joins several chunks."""
        return [self._land(topic, partition, records[at : at + BLOCK]) for at in range(0, len(records), BLOCK)]

    def _land(self, topic: str, partition: int, records: Sequence[Any]) -> Landing:
        read, kept, refused, numbers = self._read(records)
        columns, ledger = self._lay_out(topic, partition, read, kept, numbers) if len(read) else ({}, {})
        where = (topic, partition)
        letters = [dead_letter(self.seal, self.model.event_type, where, record, why) for record, why in refused]
        return Landing(columns, _with_rejected(ledger, where, letters), letters, set(map(to_date, set(numbers))))

    def _read(self, records: Sequence[Any]) -> _Read:
        """All at once, or one by one where anything is wrong."""
        with suppress(ValueError, TypeError, LookupError):  # not one JSON document, not valid, without a value
            read = read_many(self.model, [record.value for record in records])
            if (numbers := self._consistent_days(read.envelope, read.data)) is not None:
                return read, records, [], numbers
        messages, kept, refused = [], [], []
        for record in records:
            outcome = self._read_one(record.value)
            if isinstance(outcome, RejectedError):
                refused.append((record, outcome))
            else:
                messages.append(outcome)
                kept.append(record)
        read = columns_of(self.model, messages)
        return read, kept, refused, self._days(read.data)

    def _read_one(self, value: bytes | None) -> Message[EventData] | RejectedError:
        if value is None:
            return RejectedError("open", "null", "", "the record has no value")
        try:
            message = read_one(self.model, of_today(self.model, value))
        except RejectedError as error:
            return error
        except ValidationError as error:
            return rejection(error)
        return self._fault(message) or message

    def _consistent_days(self, envelope: Values, data: Values) -> list[int] | None:
        """The messages' days, or None where any has a fault that `_fault` would name: the same rules, column by column."""
        found = self._days(data)
        try:
            claimed = {text: day(text) for text in {event_id[:8] for event_id in envelope["id"]}}
        except ValueError:
            return None
        faultless = (
            set(envelope["type"]) == {self.model.event_type}
            and set(envelope["dataversion"]) == {self.model.version}
            and [claimed[event_id[:8]] for event_id in envelope["id"]] == found
            and 0 <= min(found) <= max(found) <= LAST_DAY
            and max(map(int, {event_id[42:] for event_id in envelope["id"]})) <= MAX_REVISION
        )
        return found if faultless else None

    def _fault(self, message: Message[EventData]) -> RejectedError | None:
        if message.type != self.model.event_type:
            return _refuse("wrong_type", "type", f"{message.type} lies in the topic of {self.model.event_type}")
        (found,) = self._days(columns_of(self.model, [message]).data)
        if not 0 <= found <= LAST_DAY:
            return RejectedError("data", "day_out_of_range", f"data.{self.model.day_field}", "the day cannot be stored")
        if message.id[:8] != f"{to_date(found):%Y%m%d}":
            return _refuse("wrong_day", "id", "the id's day is not the document's day")
        if int(message.id[42:]) > MAX_REVISION:
            return _refuse("wrong_revision", "id", f"the revision must not be above {MAX_REVISION}")
        return None

    def _days(self, data: Values) -> list[int]:
        """The documents' business days in China, as days since 1970-01-01."""
        name = self.model.day_field
        if name not in data:
            return days(property_of(self.model, name, data))
        values = data[name]
        is_time = values and isinstance(values[0], int)
        return [(ms + CHINA_MS) // DAY_MS for ms in values] if is_time else days(values)

    def _lay_out(
        self, topic: str, partition: int, read: Columns, records: Sequence[Any], numbers: list[int]
    ) -> tuple[dict[str, Sequence[Any]], dict[str, list[Any]]]:
        envelope, count = read.envelope, len(read)
        columns: dict[str, Sequence[Any]] = {
            "day": numbers,
            "id": [bytes.fromhex(event_id[9:41]) for event_id in envelope["id"]],
            "revision": [int(event_id[42:]) for event_id in envelope["id"]],
            "payload_hash": list(map(bytes.fromhex, envelope["payloadhash"])),
            "source": envelope["source"],
            "department": envelope["department"],
            "occurred_at": envelope["time"],
            "reported_at": envelope["reportedat"],
            "received_at": [record.timestamp for record in records],
            "schema_version": envelope["dataversion"],
            "kafka_partition": [partition] * count,
            "kafka_offset": [record.offset for record in records],
        }
        columns |= self._data_columns(read.data)
        amount = self.model.amount_field
        ledger: dict[str, list[Any]] = {
            "topic": [topic] * count,
            "event": _events(columns),
            "outcome": ["stored"] * count,
            "amount_yuan": [value or "0" for value in columns[amount]] if amount else ["0"] * count,
        }
        for name in ("kafka_partition", "kafka_offset", "source", "day", "occurred_at", "received_at"):
            ledger[name] = list(columns[name])
        return columns, ledger

    def _data_columns(self, data: Values) -> dict[str, Sequence[Any]]:
        values = {**data, **{name: property_of(self.model, name, data) for name in self.model.derived}}
        return {column.name: self._column(column, values[column.field]) for column in data_columns(self.model)}

    def _column(self, column: Column, values: Sequence[Any]) -> Sequence[Any]:
        if column.kind is None:
            return travel_values(column.type, values)
        if nothing_in(values):
            return values
        return self.identifier.tokens(column.kind, values) if column.is_token else masks(column.kind, values)


def _refuse(reason: str, field: str, message: str) -> RejectedError:
    return RejectedError("envelope", reason, field, message)


def _events(columns: dict[str, Sequence[Any]]) -> list[int]:
    """64 bits that are equal exactly for resends: id and payload hash are hashes already, so folding them is enough."""
    documents = iter_unpack(">Q8x", b"".join(columns["id"]))
    contents = iter_unpack(">Q8x", b"".join(columns["payload_hash"]))
    return [d ^ c ^ revision for (d,), (c,), revision in zip(documents, contents, columns["revision"], strict=True)]


def _with_rejected(ledger: dict[str, list[Any]], where: tuple[str, int], letters: list[DeadLetter]) -> dict[str, list[Any]]:
    """The ledger's columns with a row for each dead letter too."""
    ledger = ledger or {name: [] for name in LEDGER_COLUMNS}
    for letter in letters:
        row = (*where, letter.offset, letter.source, UNKNOWN_DAY, 0, "rejected", "0", letter.timestamp, letter.timestamp)
        for name, value in zip(LEDGER_COLUMNS, row, strict=True):
            ledger[name].append(value)
    return ledger


def together(landings: Sequence[Landing]) -> Landing:
    """What several parts come to, as one block."""
    if len(landings) == 1:
        return landings[0]
    return Landing(
        _joined([landing.columns for landing in landings]),
        _joined([landing.ledger for landing in landings]),
        [letter for landing in landings for letter in landing.dead_letters],
        {day for landing in landings for day in landing.days},
    )


def _joined(blocks: Sequence[Mapping[str, Sequence[Any]]]) -> dict[str, Any]:
    filled = [block for block in blocks if block]
    return {name: list(chain.from_iterable(block[name] for block in filled)) for name in filled[0]} if filled else {}
