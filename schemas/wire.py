"""The message as it lies in Kafka: the one place that writes payloads there and the one that opens them.

The value is a CloudEvents JSON envelope whose `data` has been validated. Three extensions are the publisher's: `department`
(of the source), `payloadhash` (of the canonical data, so that a resend is told from a change) and `dataversion`.
"""

import hashlib
import json
from datetime import datetime
from functools import cache
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic_core import from_json

from schemas.envelope import SourceId
from schemas.event import EventData
from schemas.identity import ID_BYTES, EventId
from schemas.upcast import upcast

Data = TypeVar("Data", bound=EventData)
EVENT_ID = r"^[0-9]{8}-[0-9a-f]{32}-[1-9][0-9]{0,9}$"


class Message(BaseModel, Generic[Data]):
    """One event as it lies in Kafka; times carry their offset, `id` is a `schemas.identity.EventId`."""

    model_config = ConfigDict(frozen=True)

    specversion: str = "1.0"
    id: Annotated[str, StringConstraints(pattern=EVENT_ID)]
    source: SourceId
    department: str
    type: str
    time: AwareDatetime
    reportedat: AwareDatetime
    dataversion: Annotated[int, Field(ge=1, le=255)]
    payloadhash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    data: Data


def payload_hash(data: bytes) -> bytes:
    """16 bytes that are equal for equal content, of the canonical JSON."""
    return hashlib.blake2b(data, digest_size=ID_BYTES).digest()


def canonical(data: EventData) -> bytes:
    """The canonical JSON of a validated `data`: absent fields left out."""
    return data.__pydantic_serializer__.to_json(data, exclude_none=True)


def to_kafka(
    event_id: EventId, source: str, department: str, model: type[EventData], times: tuple[datetime, datetime], data: bytes
) -> tuple[bytes, bytes]:
    """The value that goes to Kafka, a `Message` in JSON, and its payload hash. `times`: time, reportedat; `data`: canonical.

    Put together by hand for a third of what a model costs; source, department and type are of registries: each is quoted once.
    """
    content = payload_hash(data)
    head = (
        f'{{"specversion":"1.0","id":"{event_id}","source":{_quoted(source)},"department":{_quoted(department)},'
        f'"type":{_quoted(model.event_type)},"time":"{times[0].isoformat()}","reportedat":"{times[1].isoformat()}",'
        f'"dataversion":{model.version},"payloadhash":"{content.hex()}","data":'
    )
    return b"%s%s}" % (head.encode(), data), content


@cache
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def from_kafka(value: bytes) -> bytes:
    """The JSON text of a value taken from Kafka."""
    return value


def of_today(model: type[EventData], value: bytes) -> bytes:
    """A message with its data in the model's version; one that says no other version, or nothing readable, as it is.

    Raises RejectedError where there is no way from its version.
    """
    try:
        message = from_json(value)  # a deeply nested value is a ValueError; json.loads would end in a RecursionError
        version, data = message["dataversion"], message["data"]
    except (ValueError, KeyError, TypeError):
        return value
    if type(version) is not int or version == model.version or not isinstance(data, dict):
        return value
    message["data"] = upcast(model, data, version)
    return json.dumps(message, ensure_ascii=False).encode()


@cache
def message_model(model: type[EventData]) -> type[Message[EventData]]:
    """The message class of a type."""
    return Message[model]  # type: ignore[valid-type]


@cache
def message_adapter(model: type[EventData]) -> TypeAdapter[Message[EventData]]:
    """Validates one message of a type."""
    return TypeAdapter(message_model(model))
