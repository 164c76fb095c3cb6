"""From envelopes as sources sent them to messages ready for Kafka, or typed rejections."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from huanxin.errors import RejectedError
from ingest.sources import Source
from schemas.annotation import bare
from schemas.catalogue import event_types, topic
from schemas.envelope import Envelope
from schemas.event import EventData
from schemas.identity import EventId, Identifier
from schemas.rejection import rejection
from schemas.upcast import upcast
from schemas.wire import canonical, to_kafka

FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2149, 6, 6)
"""The days that ClickHouse's Date can hold, less the first, which stands for a day not known; it would hold no other."""


class Prepared(NamedTuple):
    """A valid event with its id; `fingerprint` is equal exactly for resends of one revision with one content."""

    event_id: EventId
    event_type: str
    value: bytes
    fingerprint: bytes
    payload_hash: bytes

    @property
    def topic(self) -> str:
        """The topic it goes to."""
        return topic(self.event_type)

    @property
    def key(self) -> bytes:
        """The Kafka key: one document's revisions stay in one partition, in order."""
        return self.event_id.document


Outcome = Prepared | RejectedError


@dataclass(frozen=True, slots=True)
class Preparer:
    """Validates for one registry of sources. `clock_skew` bounds times in the future."""

    identifier: Identifier
    registered: Mapping[str, Source]
    clock_skew: timedelta

    def prepare(self, envelope: Envelope, now: datetime | None = None) -> Prepared:
        """One event. Raises RejectedError (stage envelope or data) naming field and reason."""
        (outcome,) = self.prepare_many([envelope], now)
        if isinstance(outcome, RejectedError):
            raise outcome
        return outcome

    def prepare_many(self, events: Sequence[Envelope | RejectedError], now: datetime | None = None) -> list[Outcome]:
        """One outcome per event, in order. Data of one type are validated in one call; one by one only where any is wrong."""
        now = now or datetime.now(UTC)
        outcomes: list[Outcome | None] = [None] * len(events)
        by_type: defaultdict[str, list[int]] = defaultdict(list)
        for index, event in enumerate(events):
            refusal = event if isinstance(event, RejectedError) else self._refusal(event, now)
            if refusal is not None:
                outcomes[index] = refusal
            else:
                by_type[event.type].append(index)  # type: ignore[union-attr]
        for event_type, indexes in by_type.items():
            model = event_types()[event_type]
            envelopes: list[Envelope] = [events[index] for index in indexes]  # type: ignore[misc]
            for index, envelope, data in zip(indexes, envelopes, _validated(model, envelopes), strict=True):
                outcomes[index] = data if isinstance(data, RejectedError) else self._message(envelope, data, now)
        return outcomes  # type: ignore[return-value]

    def _refusal(self, envelope: Envelope, now: datetime) -> RejectedError | None:
        if envelope.source not in self.registered:
            return RejectedError("envelope", "unknown_source", "source", f"{envelope.source} is not a registered source")
        if envelope.type not in event_types():
            return RejectedError("envelope", "unknown_type", "type", f"known types are {', '.join(event_types())}")
        if envelope.time > now + self.clock_skew:
            message = "the event's time lies in the future: check the source's clock"
            return RejectedError("envelope", "time_in_future", "time", message)
        return None

    def _message(self, envelope: Envelope, data: EventData, now: datetime) -> Outcome:
        day = data.day
        if not FIRST_DAY <= day <= LAST_DAY:
            where = f"data.{data.day_field}"
            return RejectedError("data", "day_out_of_range", where, f"the day must lie between {FIRST_DAY} and {LAST_DAY}")
        source = self.registered[envelope.source]
        document = self.identifier.id(source.id, envelope.type, data.natural_key)
        event_id = EventId(day, document, envelope.revision)
        times = (envelope.time, envelope.reportedat or now)
        value, content = to_kafka(event_id, source.id, source.department, type(data), times, canonical(data))
        fingerprint = document + envelope.revision.to_bytes(4, "big") + content
        return Prepared(event_id, envelope.type, value, fingerprint, content)


@cache
def _many(model: type[EventData]) -> TypeAdapter[list[EventData]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def _validated(model: type[EventData], envelopes: Sequence[Envelope]) -> list[EventData | RejectedError]:
    try:
        return [*_many(model).validate_python([_of_today(model, envelope) for envelope in envelopes])]
    except (ValidationError, RejectedError):
        return [_one(model, envelope) for envelope in envelopes]


@cache
def _temporal(model: type[EventData]) -> tuple[str, ...]:
    return tuple(name for name, field in model.model_fields.items() if bare(field).base in (date, datetime, AwareDatetime))


def _refuse_bare_numbers(model: type[EventData], data: Mapping[str, Any]) -> None:
    """A bare number would be taken for seconds since 1970: a spreadsheet's day 45407 for the afternoon of 1970-01-01."""
    for name in _temporal(model):
        value = data.get(name)
        if isinstance(value, int | float) or (isinstance(value, str) and value.strip()[4:5] != "-"):
            raise RejectedError(
                "data", "date_type", f"data.{name}", "a day or time is written as 2024-05-02 or 2024-05-02T11:33:39+08:00"
            )


def _one(model: type[EventData], envelope: Envelope) -> EventData | RejectedError:
    try:
        return model.model_validate(_of_today(model, envelope))
    except ValidationError as error:
        return rejection(error, "data")
    except RejectedError as error:
        return error


def _of_today(model: type[EventData], envelope: Envelope) -> dict[str, Any]:
    """The envelope's data, in the newest version of its type's contract."""
    version = envelope.dataversion
    data = envelope.data if version in (None, model.version) else upcast(model, envelope.data, version or 1)
    _refuse_bare_numbers(model, data)
    return data
