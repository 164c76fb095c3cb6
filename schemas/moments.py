"""Times as milliseconds since 1970-01-01 UTC."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

EPOCH_DAY = date(1970, 1, 1).toordinal()


def milliseconds(values: Sequence[datetime | None]) -> list[Any]:
    """Milliseconds since 1970-01-01 UTC, cut and not rounded, None for None; the times are aware.

    Field by field: subtracting two aware times makes objects on the way and takes four times as long.
    """
    offset = _OFFSETS
    return [
        None
        if t is None
        else (t.toordinal() - EPOCH_DAY) * 86_400_000
        + t.hour * 3_600_000
        + t.minute * 60_000
        + t.second * 1000
        + t.microsecond // 1000
        - offset[t.tzinfo]
        for t in values
    ]


class _Offsets(dict[tzinfo | None, int]):
    """A fixed offset → its milliseconds."""

    def __missing__(self, zone: tzinfo | None) -> int:
        offset = zone.utcoffset(None) if zone else None
        if offset is None:
            raise ValueError("a time without a fixed offset cannot be stored")
        milliseconds = int(offset.total_seconds() * 1000)
        if len(self) < 10_000:
            self[zone] = milliseconds
        return milliseconds


_OFFSETS = _Offsets()
