"""From an envelope as a source sent it to a message ready for Kafka, or a typed rejection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.sources import Source
from schemas.catalogue import event_types, topic
from schemas.envelope import Envelope
from schemas.identity import EventId, Identifier
from schemas.rejection import rejection
from schemas.wire import message_model, payload_hash, to_kafka

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2149, 6, 6)
"""The days that ClickHouse's Date can hold; any other would silently be stored as the first of them."""


@dataclass(frozen=True, slots=True)
class Prepared:
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


@dataclass(frozen=True, slots=True)
class Preparer:
    """Validates for one registry of sources. `clock_skew` bounds times in the future."""

    identifier: Identifier
    registered: Mapping[str, Source]
    clock_skew: timedelta

    def prepare(self, envelope: Envelope, now: datetime | None = None) -> Prepared:
        """Raises RejectedError (stage envelope or data) naming field and reason."""
        now = now or datetime.now(UTC)
        source = self.registered.get(envelope.source)
        if source is None:
            raise RejectedError("envelope", "unknown_source", "source", f"{envelope.source} is not a registered source")
        if envelope.type not in event_types():
            raise RejectedError("envelope", "unknown_type", "type", f"known types are {', '.join(event_types())}")
        if envelope.time > now + self.clock_skew:
            raise RejectedError(
                "envelope", "time_in_future", "time", "the event's time lies in the future: check the source's clock"
            )
        model = event_types()[envelope.type]
        try:
            data = model.model_validate(envelope.data)
        except ValidationError as error:
            raise rejection(error, "data") from error
        if not FIRST_DAY <= data.day <= LAST_DAY:
            where = f"data.{model.day_field}"
            raise RejectedError("data", "day_out_of_range", where, f"the day must lie between {FIRST_DAY} and {LAST_DAY}")
        document = self.identifier.id(source.id, envelope.type, data.natural_key)
        event_id = EventId(data.day, document, envelope.revision)
        content = payload_hash(data)
        message = message_model(model)(
            id=str(event_id),
            source=source.id,
            department=source.department,
            type=envelope.type,
            time=envelope.time,
            reportedat=envelope.reportedat or now,
            dataversion=model.version,
            payloadhash=content.hex(),
            data=data,
        )
        fingerprint = document + envelope.revision.to_bytes(4, "big") + content
        return Prepared(event_id, envelope.type, to_kafka(message), fingerprint, content)
