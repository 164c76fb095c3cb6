"""What a field's annotation says, with `Optional` and `Annotated` taken off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Interval, Le, Lt, MultipleOf
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Bare:
    """A field's bare type, all marks and constraints met on the way to it, and whether None is allowed."""

    base: Any
    marks: Sequence[Any]
    nullable: bool

    @property
    def is_text(self) -> bool:
        """Text, or one of some texts."""
        return self.base is str or (get_origin(self.base) is Literal and set(map(type, get_args(self.base))) == {str})

    @property
    def is_decimal(self) -> bool:
        """A decimal number."""
        return self.base is Decimal

    @property
    def decimal_places(self) -> int:
        """Raises TypeError where a decimal field does not declare them."""
        return self._declared("decimal_places")

    @property
    def decimal_pattern(self) -> str:
        """Of texts that are valid values of a decimal field, and that a Decimal of them is written as again.

        Other texts may be valid too. Raises TypeError where there are constraints that no pattern can tell.
        """
        bounds = [mark for mark in self.marks if isinstance(mark, (Ge, Gt, Le, Lt, MultipleOf, Interval))]
        if bounds not in ([], [Ge(0)]):
            raise TypeError(f"a decimal field with bounds that are not told from its text: {bounds}")
        places = self.decimal_places
        whole = self._declared("max_digits") - places
        sign, fraction = "" if bounds else "-?", rf"(\.[0-9]{{1,{places}}})?" if places else ""
        return rf"^{sign}(0|[1-9][0-9]{{0,{whole - 1}}}){fraction}$"

    def _declared(self, name: str) -> int:
        for mark in self.marks:
            if (found := getattr(mark, name, None)) is not None:
                return int(found)
        raise TypeError(f"a Decimal field must declare its {name}")


def bare(info: FieldInfo) -> Bare:
    """What a model's field says."""
    annotation, marks, nullable = info.annotation, list(info.metadata), False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            marks.extend(_flat(more))
        elif get_origin(annotation) in (Union, UnionType):
            nullable = True
            (annotation,) = (part for part in get_args(annotation) if part is not NoneType)
        else:
            return Bare(annotation, tuple(marks), nullable)


def _flat(marks: Sequence[Any]) -> Iterator[Any]:
    """A `Field(...)` among the marks stands for its constraints."""
    for mark in marks:
        yield mark
        yield from getattr(mark, "metadata", ())
