"""How columns travel to ClickHouse: in types that cost Python least, which the server casts to the table's own.

Dates go as days and times as milliseconds since 1970-01-01 UTC, decimals as text: the driver's own conversion of a time takes
as long as its validation, and these columns are half of an event.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from schemas.moments import EPOCH_DAY

_TRAVELS_AS = (
    (r"\bDate\b", "UInt16"),
    (r"DateTime64\(3[^)]*\)", "DateTime64(3)"),
    (r"Decimal\([^)]*\)", "String"),
    (r"LowCardinality\((.*)\)", r"\1"),
)


def insert(table: str, types: Mapping[str, str], columns: Mapping[str, Sequence[Any]]) -> tuple[str, list[Sequence[Any]]]:
    """The statement that takes one block, and its block. `types`: column → the table's type; `columns`: column → values.

    A column of nothing but None is left to its default, and one without None travels as not nullable: each spares the driver a
    pass of Python.
    """
    structure, names, block = [], [], []
    for name, column_type in types.items():
        values = columns[name]
        if nothing_in(values):
            continue
        some_missing = "Nullable" in column_type and bool([value for value in values if value is None])
        structure.append(f"{name} {travel_type(column_type, some_missing)}")
        names.append(name)
        block.append(values)
    statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM input('{', '.join(structure)}') FORMAT Native"
    return statement, block


def nothing_in(values: Sequence[Any]) -> bool:
    """Whether all values are None; a look at the first mostly tells."""
    return bool(values) and values[0] is None and values.count(None) == len(values)


@cache
def travel_type(column_type: str, nullable: bool = True) -> str:
    """The type that a column of the given type travels in."""
    for pattern, other in _TRAVELS_AS:
        column_type = re.sub(pattern, other, column_type)
    return column_type if nullable else re.sub(r"Nullable\((.*?\)?)\)", r"\1", column_type)


def travel_values(column_type: str, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as they travel; times are read as milliseconds and decimals as text (schemas/reading.py)."""
    if "Date" in column_type and "DateTime" not in column_type and not nothing_in(values):
        return days(values)
    return values


def days(values: Sequence[date | None]) -> list[Any]:
    """Days since 1970-01-01, None for None."""
    return [None if value is None else value.toordinal() - EPOCH_DAY for value in values]


def day(text: str) -> int:
    """Days since 1970-01-01 of a day written as YYYYMMDD. Raises ValueError where it is none."""
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal() - EPOCH_DAY


def to_date(number: int) -> date:
    """The date of so many days since 1970-01-01."""
    return date.fromordinal(number + EPOCH_DAY)
