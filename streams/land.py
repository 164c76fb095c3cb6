"""From one chunk of Kafka records to what is stored: the typed table's columns, the ledger, dead letters, touched days.

Pure: no network. A permanent fault of the data makes a dead letter of that record alone; anything else is raised, because a
fault of ours is retried and never becomes a dead letter. All is laid out column by column, with one pass of Python over each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from struct import iter_unpack
from typing import Any

from pydantic import ValidationError

from huanxin.errors import RejectedError
from schemas.envelope import MAX_REVISION
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.masking import masks
from schemas.rejection import rejection
from schemas.seal import Seal
from schemas.wire import Row, message_adapter, of_today, read_rows
from streams.dead_letter import DeadLetter, dead_letter
from warehouse.columns import Column, data_columns
from warehouse.store import LEDGER_COLUMNS
from warehouse.wire import day, days, milliseconds, to_date, travel_values

UNKNOWN_DAY = 0
LAST_DAY = 2**16 - 1
CHINA_MS, DAY_MS = 8 * 3_600_000, 86_400_000
_ENVELOPE = itemgetter("id", "source", "department", "type", "time", "reportedat", "dataversion", "payloadhash", "data")


@dataclass(frozen=True, slots=True)
class Landing:
    """What one chunk comes to. `columns` is empty where every record is a dead letter."""

    columns: dict[str, Sequence[Any]]
    ledger: dict[str, list[Any]]
    dead_letters: list[DeadLetter]
    days: set[date]


_Read = tuple[list[Row], Sequence[Any], list[tuple[Any, RejectedError]], list[int]]
"""The good rows, their records, the refused records with the reason, the good rows' days."""


@dataclass(frozen=True, slots=True)
class Lander:
    """Lands chunks of one event type."""

    model: type[EventData]
    identifier: Identifier
    seal: Seal

    def land(self, topic: str, partition: int, records: Sequence[Any]) -> Landing:
        """Validate, pseudonymise and lay out one chunk. `records` have value, offset and timestamp (ms)."""
        rows, kept, refused, numbers = self._read(records)
        columns, ledger = self._lay_out(topic, partition, rows, kept, numbers) if rows else ({}, {})
        where = (topic, partition)
        letters = [dead_letter(self.seal, self.model.event_type, where, record, why) for record, why in refused]
        return Landing(columns, _with_rejected(ledger, where, letters), letters, set(map(to_date, set(numbers))))

    def _read(self, records: Sequence[Any]) -> _Read:
        """All at once, or one by one where anything is wrong."""
        try:
            rows = read_rows(self.model, [record.value for record in records])
            if len(rows) == len(records) and (numbers := self._consistent_days(rows)) is not None:
                return rows, records, [], numbers
        except (ValidationError, TypeError):
            pass  # TypeError: a record without a value
        rows, kept, refused = [], [], []
        for record in records:
            outcome = self._read_one(record.value)
            if isinstance(outcome, RejectedError):
                refused.append((record, outcome))
            else:
                rows.append(outcome)
                kept.append(record)
        return rows, kept, refused, self._days([row["data"] for row in rows])

    def _read_one(self, value: bytes | None) -> Row | RejectedError:
        if value is None:
            return RejectedError("open", "null", "", "the record has no value")
        try:
            value = of_today(self.model, value)
            rows = read_rows(self.model, [value])
        except RejectedError as error:
            return error
        except ValidationError as error:
            return self._why(value, error)
        return self._fault(rows[0]) or rows[0] if len(rows) == 1 else self._why(value, None)

    def _why(self, value: bytes, error: ValidationError | None) -> RejectedError:
        """The model names the fault of a single message as the gateway would."""
        try:
            message_adapter(self.model).validate_json(value)
        except ValidationError as named:
            error = named
        return rejection(error) if error else RejectedError("open", "json_invalid", "", "not one JSON document")

    def _consistent_days(self, rows: list[Row]) -> list[int] | None:
        """The rows' days, or None where any has a fault that `_fault` would name: the same rules, column by column."""
        ids, _, _, types, _, _, versions, _, documents = zip(*map(_ENVELOPE, rows), strict=True)
        found = self._days(documents)
        try:
            claimed = {text: day(text) for text in {event_id[:8] for event_id in ids}}
        except ValueError:
            return None
        faultless = (
            set(types) == {self.model.event_type}
            and set(versions) == {self.model.version}
            and [claimed[event_id[:8]] for event_id in ids] == found
            and 0 <= min(found) <= max(found) <= LAST_DAY
            and max(int(event_id[42:]) for event_id in ids) <= MAX_REVISION
        )
        return found if faultless else None

    def _fault(self, row: Row) -> RejectedError | None:
        if row["type"] != self.model.event_type:
            return _refuse("wrong_type", "type", f"{row['type']} lies in the topic of {self.model.event_type}")
        (found,) = self._days([row["data"]])
        if not 0 <= found <= LAST_DAY:
            return RejectedError("data", "day_out_of_range", f"data.{self.model.day_field}", "the day cannot be stored")
        if row["id"][:8] != f"{to_date(found):%Y%m%d}":
            return _refuse("wrong_day", "id", "the id's day is not the document's day")
        if int(row["id"][42:]) > MAX_REVISION:
            return _refuse("wrong_revision", "id", f"the revision must not be above {MAX_REVISION}")
        return None

    def _days(self, documents: Sequence[Row]) -> list[int]:
        """The documents' business days in China, as days since 1970-01-01."""
        name = self.model.day_field
        if name not in self.model.model_fields:
            return days(_property(self.model, name, documents))
        values = [document[name] for document in documents]
        return (
            [(ms + CHINA_MS) // DAY_MS for ms in milliseconds(values)]
            if values and isinstance(values[0], datetime)
            else days(values)
        )

    def _lay_out(
        self, topic: str, partition: int, rows: list[Row], records: Sequence[Any], numbers: list[int]
    ) -> tuple[dict[str, Sequence[Any]], dict[str, list[Any]]]:
        ids, sources, departments, _, times, reported, versions, hashes, documents = zip(*map(_ENVELOPE, rows), strict=True)
        count = len(rows)
        columns: dict[str, Sequence[Any]] = {
            "day": numbers,
            "id": [bytes.fromhex(event_id[9:41]) for event_id in ids],
            "revision": [int(event_id[42:]) for event_id in ids],
            "payload_hash": list(map(bytes.fromhex, hashes)),
            "source": sources,
            "department": departments,
            "occurred_at": milliseconds(times),
            "reported_at": milliseconds(reported),
            "received_at": [record.timestamp for record in records],
            "schema_version": versions,
            "kafka_partition": [partition] * count,
            "kafka_offset": [record.offset for record in records],
        }
        columns |= self._data_columns(documents)
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

    def _data_columns(self, documents: Sequence[Row]) -> dict[str, Sequence[Any]]:
        fields = list(self.model.model_fields)
        values: dict[str, Sequence[Any]] = dict(
            zip(fields, zip(*map(itemgetter(*fields), documents), strict=True), strict=True)
        )
        values |= {name: _property(self.model, name, documents) for name in self.model.derived}
        return {column.name: self._column(column, values[column.field]) for column in data_columns(self.model)}

    def _column(self, column: Column, values: Sequence[Any]) -> Sequence[Any]:
        if column.kind is None:
            return travel_values(column.type, values)
        if None in values and values.count(None) == len(values):
            return values
        return self.identifier.tokens(column.kind, values) if column.is_token else masks(column.kind, values)


def _refuse(reason: str, field: str, message: str) -> RejectedError:
    return RejectedError("envelope", reason, field, message)


def _property(model: type[EventData], name: str, documents: Sequence[Row]) -> list[Any]:
    """A property's values, which follow from the fields: read of something that has just these, much cheaper than a model."""
    read = getattr(model, name).fget
    return [read(_Fields(document)) for document in documents]


class _Fields:
    def __init__(self, document: Row) -> None:
        self.__dict__ = document


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
