"""A database row as the registry's columns name it, and as text that every way in reads alike."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schemas.event import CHINA


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Column → value, without what is null; times without an offset are China's."""
    return {name: _text(value) for name, value in row.items() if value is not None}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value
