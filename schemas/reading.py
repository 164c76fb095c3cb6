"""Many messages of one type, read at once and column by column.

A column is what a field's values are checked, hashed and stored as, and many of its values are equal: each distinct one is
checked once, and all fields in one pydantic call. Reading the same messages as rows takes twice as long.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from types import NoneType
from typing import Annotated, Any

from orjson import loads
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, TypeAdapter
from pydantic.fields import FieldInfo
from typing_extensions import TypedDict

from schemas.annotation import Bare, bare
from schemas.event import EventData
from schemas.moments import milliseconds
from schemas.wire import Message, from_kafka, message_adapter, message_model

SAMPLE = 32
"""Values of a column that tell whether its values are mostly different: to find out from all costs as much as checking them."""

Values = Mapping[str, Sequence[Any]]
"""Field → its values, one for each message, in the messages' order."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Messages as columns: the envelope's, without `data`, and `data`'s.

    Times are milliseconds since 1970-01-01 UTC and decimals are text.
    """

    envelope: Values
    data: Values

    def __len__(self) -> int:
        """How many messages."""
        return len(self.envelope["id"])


def read_one(model: type[EventData], value: bytes) -> Message[EventData]:
    """One message. Raises ValidationError, which names what is wrong."""
    return message_adapter(model).validate_json(from_kafka(value))


def read_many(model: type[EventData], values: Sequence[bytes]) -> Columns:
    """Many messages. Raises ValueError, TypeError or LookupError where any is not valid or out of the ordinary.

    Then they are to be read one by one, which says what is wrong with which.
    A model with validators of its own is read through itself: a column knows none of them.
    """
    if _has_validators(model):
        return columns_of(model, [read_one(model, value) for value in values])
    return _Reader.of(model).read(values)


def columns_of(model: type[EventData], messages: Sequence[Message[EventData]]) -> Columns:
    """Messages that were read one by one, as columns."""
    return Columns(
        _values(message_model(model), messages),
        _values(model, [message.data for message in messages]),
    )


def property_of(model: type[EventData], name: str, data: Values) -> list[Any]:
    """A property's values, read of something that has just the fields, much cheaper than a model; it may not look at times."""
    read, document = getattr(model, name).fget, _document(model, name)
    return [read(values) for values in map(document, *(data[field] for field in document._fields))]


@cache
def _document(model: type[EventData], name: str) -> Any:
    """What has just the fields that a property's code names."""
    named = getattr(model, name).fget.__code__.co_names
    return namedtuple(model.__name__, [field for field in model.model_fields if field in named])


@cache
def _has_validators(model: type[EventData]) -> bool:
    found = model.__pydantic_decorators__
    return bool(found.validators or found.field_validators or found.root_validators or found.model_validators)


def _values(model: type[BaseModel], instances: Sequence[Any]) -> Values:
    return {name: _plain(model, name, [getattr(instance, name) for instance in instances]) for name in _names(model)}


def _plain(model: type[BaseModel], name: str, values: list[Any]) -> list[Any]:
    if _is_time(model, name):
        return milliseconds(values)
    if _bare(model, name).is_decimal:
        return [None if value is None else str(value) for value in values]
    return values


@cache
def _names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name in model.model_fields if name != "data")


@cache
def _bare(model: type[BaseModel], name: str) -> Bare:
    return bare(model.model_fields[name])


def _is_time(model: type[BaseModel], name: str) -> bool:
    return _bare(model, name).base is AwareDatetime


class _Reader:
    """Reads messages of one type."""

    def __init__(self, model: type[EventData]) -> None:
        message = message_model(model)
        self.envelope, self.data = _names(message), _names(model)
        self.take = itemgetter(*self.envelope)
        # What is absent stands for itself: a default is a valid value, and `...` of a required field is none.
        self.blank = {name: ... if info.is_required() else info.default for name, info in model.model_fields.items()}
        self.times = {
            (part, name): info.is_required()
            for part, owner in (("envelope", message), ("data", model))
            for name, info in ((name, owner.model_fields[name]) for name in _names(owner))
            if _is_time(owner, name)
        }
        self.texts = {
            (part, name): found.nullable
            for part, owner in (("envelope", message), ("data", model))
            for name, found in ((name, _bare(owner, name)) for name in _names(owner))
            if found.is_text or found.is_decimal
        }
        parts = {
            "envelope": self._checked("envelope", message),
            "data": self._checked("data", model),
            "times": list[AwareDatetime],
        }
        self.adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(TypedDict("Columns", parts))  # type: ignore[operator]  # made here

    @classmethod
    @cache
    def of(cls, model: type[EventData]) -> "_Reader":
        """The reader of a type."""
        return cls(model)

    def _checked(self, part: str, model: type[BaseModel]) -> Any:
        """The lists of values that a part has, under its model's configuration: types made here, which mypy cannot follow.

        Space around texts is looked for beforehand, since stripping it makes every text anew.
        """
        fields: dict[str, Any] = {}
        for name in _names(model):
            if (part, name) not in self.times:
                fields[name] = list[_type(model.model_fields[name])]  # type: ignore[misc]
        made = TypedDict(part, fields)  # type: ignore[misc]
        left_out = ("frozen", "str_strip_whitespace")
        made.__pydantic_config__ = ConfigDict(**{k: v for k, v in model.model_config.items() if k not in left_out})  # type: ignore
        return made

    def read(self, values: Sequence[bytes]) -> Columns:
        """All or nothing."""
        rows = []
        for value in values:
            message = loads(from_kafka(value))
            document = self.blank | message["data"]
            if len(document) != len(self.blank):
                raise ValueError("a field that the model does not have")
            rows.append((*self.take(message), *document.values()))
        columns = list(zip(*rows, strict=True))
        width = len(self.envelope)
        return self._check(
            {
                "envelope": dict(zip(self.envelope, columns[:width], strict=True)),
                "data": dict(zip(self.data, columns[width:], strict=True)),
            }
        )

    def _check(self, raw: dict[str, dict[str, Sequence[Any]]]) -> Columns:
        """All fields' distinct values in one call, and back to one for each message."""
        times = self._distinct_times(raw)
        asked = {
            part: {name: self._asked((part, name), values) for name, values in fields.items() if (part, name) not in self.times}
            for part, fields in raw.items()
        }
        found = self.adapter.validate_python({**asked, "times": times})
        read_times: dict[Any, Any] = {None: None} | dict(zip(times, milliseconds(found["times"]), strict=True))
        return Columns(
            *(
                {
                    name: [read_times[value] for value in values]
                    if (part, name) in self.times
                    else _spread(values, asked[part][name], found[part][name])
                    for name, values in fields.items()
                }
                for part, fields in raw.items()
            )
        )

    def _asked(self, place: tuple[str, str], values: Sequence[Any]) -> Sequence[Any]:
        nullable = self.texts.get(place)
        return _distinct(values) if nullable is None else _distinct_texts(values, nullable)

    def _distinct_times(self, raw: dict[str, dict[str, Sequence[Any]]]) -> list[str]:
        """The times of all fields: a document's own time is its envelope's and often others' too."""
        texts: set[Any] = set()
        for (part, name), required in self.times.items():
            here = set(raw[part][name])
            texts |= here if required else here - {None}
        if not set(map(type, texts)) <= {str}:
            raise ValueError("a time that is not written as text")
        return list(texts)


def _type(info: FieldInfo) -> Any:
    """What a field's values are checked as: decimals as their text, ten times cheaper, where it is written the ordinary way."""
    found = bare(info)
    if found.is_decimal:
        text = Annotated[str, StringConstraints(pattern=found.decimal_pattern)]
        return text | None if found.nullable else text
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation


def _distinct_texts(values: Sequence[Any], nullable: bool) -> Sequence[Any]:
    """Each text once, where that is likely to be less. Raises ValueError or TypeError for space around it, or no text."""
    asked = values
    if len(set(values[:SAMPLE])) * 2 <= SAMPLE:
        distinct = set(values)
        asked = values if len(distinct) * 2 > len(values) else list(distinct)
    texts = [value for value in asked if value is not None] if nullable else list(asked)
    if list(map(str.strip, texts)) != texts:
        raise ValueError("space around a text, which the model takes away")
    return asked


def _distinct(values: Sequence[Any]) -> Sequence[Any]:
    """Each text once, where that is less; all values as they are where any is no text, since 1 and True would be one."""
    distinct = set(values)
    if not set(map(type, distinct)) <= {str, NoneType}:
        if float in set(map(type, values)):
            raise ValueError("a number with a point, which the platform writes as text")
        return values
    return values if len(distinct) * 2 > len(values) else list(distinct)


def _spread(values: Sequence[Any], asked: Sequence[Any], found: list[Any]) -> Sequence[Any]:
    if asked is values:
        return found
    if asked == found:
        return values
    read = dict(zip(asked, found, strict=True))
    return [read[value] for value in values]
