"""The CloudEvents 1.0 envelope (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), JSON format.

`revision`, `reportedat` and `dataversion` are huanxin's extensions; their names are lower case and alphanumeric, as the
specification asks.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MAX_REVISION = 2**31 - 1

Surface = Literal["file", "http", "database"]
"""How a source's events come in."""

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")]
"""A registered source's id, as in `ingest/sources.yaml`."""


def _written_out(value: object) -> object:
    """A bare number would be taken for seconds since 1970: a spreadsheet's day 45407 for the afternoon of 1970-01-01."""
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == "-"):
        return value
    raise PydanticCustomError("datetime_parsing", "a time is written as 2024-05-02T11:33:39+08:00")


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out, json_schema_input_type=AwareDatetime)]
"""A time with its offset (RFC 3339), never a number."""


def _whole(value: object) -> object:
    """JSON knows one kind of number: 2.0 is 2. A text or a truth value is neither."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _Whole(most: int) -> BeforeValidator:  # noqa: N802  reads as the mark it makes
    return BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=1, le=most)])


class Envelope(BaseModel):
    """One event as a source sends it: context attributes, and `data` still unchecked."""

    model_config = ConfigDict(extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    source: SourceId
    type: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    time: Moment
    """When the thing happened (occurred_at), with its offset."""
    reportedat: Moment | None = None
    """When the department reported it; by default the time of its arrival."""
    revision: Annotated[int, Field(strict=True, ge=1, le=MAX_REVISION), _Whole(MAX_REVISION)] = 1
    """The source's own revision of the document: 1 when registered, rising with each correction or void."""
    dataversion: Annotated[int, Field(strict=True, ge=1, le=255), _Whole(255)] | None = None
    """The version of the type's contract that `data` follows; by default the newest."""
    subject: Annotated[str, StringConstraints(max_length=200)] | None = None
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Annotated[str, StringConstraints(max_length=200)] | None = None
    data: dict[str, Any]
