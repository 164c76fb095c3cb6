"""Which steps a column's cells go through: follows from its field's type and marks, and from the unit its source declares."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Literal, get_args, get_origin

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from huanxin.errors import RejectedError
from ingest.files import normalise
from ingest.files.normalise import Quarantined
from ingest.files.shape import FileShape, Target
from ingest.files.text import half_width, half_width_words, trimmed, without_spaces
from ingest.files.units import confused_by, units_of
from schemas.event import EventData
from schemas.marks import CodeList, Kind, Personal

Step = Callable[[Any], Any]
Reader = Callable[[object], object]
"""One column's cell → its value. Raises RejectedError where it is quarantined."""

_MEMORY = 4096
_ENVELOPE: dict[str, tuple[Step, ...]] = {
    "@time": (normalise.iso_moment,),
    "@reportedat": (normalise.iso_moment,),
    "@revision": (normalise.plain_number,),
}


def cell_reader(target: Target, model: type[EventData], shape: FileShape, *, typed: bool) -> Reader:
    """How one column is read; `typed` says that cells carry types, as a workbook's do and a CSV's do not."""
    steps = _steps(target, model, shape, typed)
    where = target.field[1:] if target.field[0] == "@" else f"data.{target.field}"
    known: dict[object, object] = {}
    unknown = object()

    def read(cell: object) -> object:
        value = known.get(cell, unknown)
        if value is not unknown:
            return value
        value = cell
        try:
            for step in steps:
                value = step(value)
        except Quarantined as fault:
            raise RejectedError("data", fault.reason, where, str(fault)) from None
        if len(known) >= _MEMORY:
            known.clear()
        known[cell] = value
        return value

    return read


def _steps(target: Target, model: type[EventData], shape: FileShape, typed: bool) -> tuple[Step, ...]:
    field = target.field
    if field in _ENVELOPE:
        return (_clean, *_ENVELOPE[field])
    parts = [*parts_of(model.model_fields[field])]
    if _is_free_text(field, parts):
        return (normalise.digits, _clean_text)
    return (_clean, *_kind(field, parts, typed), *_sizes(target, shape))


def _is_free_text(field: str, parts: list[object]) -> bool:
    """Text whose Chinese punctuation and inner spaces stay: names, addresses, models, numbers of documents."""
    marked = next((part.kind for part in parts if isinstance(part, Personal)), None)
    listed = any(isinstance(part, CodeList) for part in parts)
    special = field == "period" or field.endswith("_uscc")
    return str in parts and not listed and not special and marked in (None, Kind.NAME, Kind.ADDRESS)


def _kind(field: str, parts: list[object], typed: bool) -> tuple[Step, ...]:
    if field == "period":
        return (normalise.iso_month,)
    if field == "status":
        return (partial(_meaning, words=normalise.STATUS),)
    if bool in parts:
        return (partial(_meaning, words=normalise.YES_NO),)
    if datetime in parts or AwareDatetime in parts:
        return (normalise.iso_moment,)
    if date in parts:
        return (normalise.iso_day,)
    if Decimal in parts or int in parts:
        return (normalise.plain_number,)
    match next((part.kind for part in parts if isinstance(part, Personal)), None):
        case Kind.PERSON_ID:
            return (partial(normalise.person_id, typed=typed),)
        case Kind.VIN:
            return (normalise.vin,)
        case Kind.PLATE:
            return (normalise.plate,)
    return (normalise.digits, without_spaces, str.upper) if field.endswith("_uscc") else (normalise.digits, without_spaces)


def _sizes(target: Target, shape: FileShape) -> tuple[Step, ...]:
    steps: list[Step] = []
    if target.unit and (factor := units_of(target.field)[target.unit]) != 1:
        steps.append(partial(_converted, factor=factor))
    if bounds := shape.plausible.get(target.field):
        mistake = float(confused_by(target.field) or 1)
        steps.append(partial(_plausible, low=float(bounds[0]), high=float(bounds[1]), factor=mistake))
    return tuple(steps)


def _clean(value: object) -> object:
    return half_width(trimmed(value)) if type(value) is str else value


def _clean_text(value: object) -> object:
    return half_width_words(trimmed(value)) if type(value) is str else value


def _meaning(value: object, words: Mapping[str, object]) -> object:
    return words.get(value, value) if type(value) is str else value


def _converted(value: object, factor: Decimal) -> object:
    try:
        return format(Decimal(str(value)) * factor, "f")
    except InvalidOperation:
        return value


def _plausible(value: object, low: float, high: float, factor: float) -> object:
    """Quarantine what only a mistake of unit explains; any other odd value is the model's to judge."""
    try:
        size = abs(float(str(value)))
    except ValueError:
        return value
    if not low <= size <= high and (low <= size * factor <= high or low <= size / factor <= high):
        raise Quarantined("unit_suspect", f"the value is off by about {factor:,.0f}: compare its unit with the column's")
    return value


def parts_of(field: FieldInfo) -> Iterator[object]:
    """All types and marks of a field, however deep in unions and annotations."""
    yield from field.metadata
    waiting = [field.annotation]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += get_args(part) if get_origin(part) is not Literal else ()
        yield from getattr(part, "__metadata__", ())
