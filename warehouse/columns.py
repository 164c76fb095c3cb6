"""How a model's fields become a landing table's columns: the one mapping that the insert and the schema test share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Literal, get_origin

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from schemas.annotation import Bare, bare
from schemas.event import EventData
from schemas.marks import CodeList, Kind, Personal

TIME = "DateTime64(3, 'Asia/Shanghai')"
TOKEN = "FixedString(16)"  # noqa: S105  a column type

ENVELOPE_COLUMNS: dict[str, str] = {
    "day": "Date",
    "id": TOKEN,
    "revision": "UInt32",
    "payload_hash": TOKEN,
    "source": "LowCardinality(String)",
    "department": "LowCardinality(String)",
    "occurred_at": TIME,
    "reported_at": TIME,
    "received_at": TIME,
    "schema_version": "UInt8",
    "kafka_partition": "UInt32",
    "kafka_offset": "UInt64",
}
"""What every landing table begins with. Ids, hashes and tokens are 16 raw bytes; `received_at` is the broker's append time."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a landing table; `kind` is set on the two columns of a personal field."""

    name: str
    type: str
    field: str
    kind: Kind | None = None

    @property
    def is_token(self) -> bool:
        """Of a personal field's two columns the pseudonym, not the masked form."""
        return self.kind is not None and self.name.endswith("_token")


@cache
def data_columns(model: type[EventData]) -> tuple[Column, ...]:
    """The columns of a model's own fields, in order; a personal field gives `<field>_token` and `<field>_masked`.

    Derived properties follow.
    """
    fields = tuple(column for name, info in model.model_fields.items() for column in _field_columns(name, info))
    return fields + tuple(Column(name, "LowCardinality(String)", name) for name in model.derived)


def _field_columns(name: str, info: FieldInfo) -> Iterator[Column]:
    found = bare(info)
    personal = next((mark for mark in found.marks if isinstance(mark, Personal)), None)
    if personal:
        yield Column(f"{name}_token", _nullable(TOKEN, found.nullable), name, personal.kind)
        yield Column(f"{name}_masked", _nullable("String", found.nullable), name, personal.kind)
    else:
        yield Column(name, _column_type(found), name)


def _column_type(found: Bare) -> str:
    if get_origin(found.base) is Literal or any(isinstance(mark, CodeList) for mark in found.marks):
        return f"LowCardinality({_nullable('String', found.nullable)})"
    if found.is_decimal:
        return _nullable(f"Decimal(18, {found.decimal_places})", found.nullable)
    simple = {str: "String", bool: "Bool", int: "Int64", date: "Date", datetime: TIME, AwareDatetime: TIME}
    if found.base not in simple:
        raise TypeError(f"no column type for {found.base!r}: add one to warehouse/columns.py")
    return _nullable(simple[found.base], found.nullable)


def _nullable(column_type: str, nullable: bool) -> str:
    return f"Nullable({column_type})" if nullable else column_type
