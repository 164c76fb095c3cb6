"""What every event's `data` has in common, and what its class declares once for the whole platform.

The topic, the dead-letter topic, the landing table, the gateway's route and the generic tests all follow from the class.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai; it has had one offset, with no summer time, since 1991."""

Status = Literal["registered", "corrected", "voided"]


class EventData(BaseModel):
    """One business document as its department registers, corrects or voids it.

    Subclasses are declared with `event_type` (the CloudEvents type), `key` (the natural key's fields) and `day` (the key field
    that holds the business day, or its time). The day is part of the key, so a document never changes its day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)

    event_type: ClassVar[str]
    version: ClassVar[int]
    key: ClassVar[tuple[str, ...]]
    day_field: ClassVar[str]
    amount_field: ClassVar[str]
    derived: ClassVar[tuple[str, ...]]
    """Properties stored as text columns of their own, beside the fields."""
    upcasts: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
    """Version n → how its `data` becomes version n + 1's (schemas/upcast.py)."""

    status: Status = "registered"
    """registered, corrected or voided; the envelope's `revision` orders them."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()  # pydantic hands the keywords to __pydantic_init_subclass__, once the fields are known

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        event_type: str = "",
        key: tuple[str, ...] = (),
        day: str = "",
        amount: str = "",
        derived: tuple[str, ...] = (),
        version: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        unknown = {*key, day, *derived, *filter(None, [amount])} - {*cls.model_fields} - {*dir(cls)}
        if not event_type or not key or unknown:
            raise TypeError(f"{cls.__name__} must name its type, key and day among its own fields; unknown: {sorted(unknown)}")
        cls.event_type, cls.key, cls.day_field, cls.amount_field, cls.version = event_type, key, day, amount, version
        cls.derived = derived

    @property
    def day(self) -> date:
        """The business day in China, whatever offset a time was given with."""
        value = getattr(self, self.day_field)
        return value.astimezone(CHINA).date() if isinstance(value, datetime) else value

    @property
    def natural_key(self) -> tuple[str, ...]:
        """The natural key's values as text, in the declared order; a time in it counts as its day."""
        return tuple(str(self.day if name == self.day_field else getattr(self, name)) for name in self.key)
