"""From one chunk of Kafka records to what is stored: the typed table's columns, the ledger, dead letters, touched days.

Pure: no network. A permanent fault of the data makes a dead letter of that record alone; anything else is raised, because a
fault of ours is retried and never becomes a dead letter.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

from pydantic import ValidationError

from huanxin.errors import RejectedError
from schemas.event import EventData
from schemas.identity import EventId, Identifier
from schemas.masking import mask
from schemas.rejection import rejection
from schemas.seal import Seal
from schemas.wire import Message, chunk_adapter, from_kafka, message_adapter
from warehouse.columns import Column, data_columns

UNKNOWN_DAY = date(1970, 1, 1)
SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One record that can never be landed; `row` is its row of landing.dead_letter, `sealed` goes to the dead-letter topic."""

    row: tuple[Any, ...]
    reason: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Landing:
    """What one chunk comes to. `columns` is empty where every record is a dead letter."""

    columns: list[list[Any]]
    ledger: list[tuple[Any, ...]]
    dead_letters: list[DeadLetter]
    days: set[date]


@dataclass(frozen=True, slots=True)
class Lander:
    """Lands chunks of one event type."""

    model: type[EventData]
    identifier: Identifier
    seal: Seal

    def land(self, topic: str, partition: int, records: Sequence[Any]) -> Landing:
        """Validate, pseudonymise and lay out one chunk. `records` have value, offset and timestamp (ms)."""
        stored: list[tuple[Any, Message[EventData], EventId]] = []
        ledger: list[tuple[Any, ...]] = []
        dead: list[DeadLetter] = []
        for record, outcome in zip(records, self._validate(records), strict=True):
            received_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
            where = (topic, partition, record.offset)
            if isinstance(outcome, RejectedError):
                letter = self._dead_letter(where, record.value or b"", received_at, outcome)
                dead.append(letter)
                ledger.append((*where, letter.row[4], UNKNOWN_DAY, 0, "rejected", 0, received_at, received_at))
            else:
                event_id = EventId.parse(outcome.id)
                stored.append((record, outcome, event_id))
                ledger.append((*where, *self._ledger_facts(outcome, event_id), received_at))
        return Landing(self._columns(partition, stored), ledger, dead, {event_id.day for _, _, event_id in stored})

    def _validate(self, records: Sequence[Any]) -> list[Message[EventData] | RejectedError]:
        """All at once, or one by one where something is wrong: then only the wrong ones are rejected."""
        try:
            joined = b"[" + b",".join(from_kafka(record.value) for record in records) + b"]"
            messages = chunk_adapter(self.model).validate_json(joined)
        except (ValidationError, TypeError):
            return [self._validate_one(record.value) for record in records]
        if len(messages) != len(records):  # a value that is not one JSON document but several
            return [self._validate_one(record.value) for record in records]
        return [self._consistent(message) for message in messages]

    def _validate_one(self, value: bytes | None) -> Message[EventData] | RejectedError:
        if value is None:
            return RejectedError("open", "null", "", "the record has no value")
        try:
            return self._consistent(message_adapter(self.model).validate_json(from_kafka(value)))
        except ValidationError as error:
            return rejection(error)

    def _consistent(self, message: Message[EventData]) -> Message[EventData] | RejectedError:
        if message.type != self.model.event_type:
            return RejectedError(
                "envelope", "wrong_type", "type", f"{message.type} lies in the topic of {self.model.event_type}"
            )
        if int(message.id[:8]) != int(f"{message.data.day:%Y%m%d}"):
            return RejectedError("envelope", "wrong_day", "id", "the id's day is not the document's day")
        return message

    def _ledger_facts(self, message: Message[EventData], event_id: EventId) -> tuple[Any, ...]:
        fingerprint = event_id.document + event_id.revision.to_bytes(4, "big") + bytes.fromhex(message.payloadhash)
        event = int.from_bytes(blake2b(fingerprint, digest_size=8).digest(), "big")
        amount = getattr(message.data, self.model.amount_field) if self.model.amount_field else 0
        return message.source, event_id.day, event, "stored", amount, message.time

    def _dead_letter(self, where: tuple[str, int, int], value: bytes, received_at: datetime, why: RejectedError) -> DeadLetter:
        source, event_id = _claimed(value)
        sealed = self.seal.seal(value, f"{where[0]}/{where[1]}/{where[2]}")
        row = (
            *where,
            self.model.event_type,
            source,
            event_id,
            why.stage,
            why.reason,
            why.field,
            why.message,
            received_at,
            sealed,
        )
        return DeadLetter(row, why.reason, sealed)

    def _columns(self, partition: int, stored: Sequence[tuple[Any, Message[EventData], EventId]]) -> list[list[Any]]:
        if not stored:
            return []
        columns: list[list[Any]] = [
            [event_id.day for _, _, event_id in stored],
            [event_id.document for _, _, event_id in stored],
            [event_id.revision for _, _, event_id in stored],
            [bytes.fromhex(message.payloadhash) for _, message, _ in stored],
            [message.source for _, message, _ in stored],
            [message.department for _, message, _ in stored],
            [message.time for _, message, _ in stored],
            [message.reportedat for _, message, _ in stored],
            [datetime.fromtimestamp(record.timestamp / 1000, UTC) for record, _, _ in stored],
            [message.dataversion for _, message, _ in stored],
            [partition] * len(stored),
            [record.offset for record, _, _ in stored],
        ]
        documents = [message.data for _, message, _ in stored]
        columns += [self._column(column, documents) for column in data_columns(self.model)]
        return columns

    def _column(self, column: Column, documents: Sequence[EventData]) -> list[Any]:
        name, kind = column.field, column.kind
        values = [getattr(document, name) for document in documents]
        if kind is None:
            return values
        if column.name.endswith("_token"):
            token = self.identifier.token
            return [None if value is None else token(kind, value) for value in values]
        return [None if value is None else mask(kind, value) for value in values]


def _claimed(value: bytes) -> tuple[str, str]:
    """Source and id as an unreadable event gives them, empty where it does not: for finding it, not for trusting it."""
    try:
        envelope = json.loads(value)
        source, event_id = envelope["source"], envelope["id"]
    except (ValueError, KeyError, TypeError):
        return "", ""
    readable = isinstance(source, str) and SOURCE_ID.fullmatch(source) and isinstance(event_id, str)
    return (source, event_id[:200]) if readable else ("", "")
