"""One record that can never be landed, with the reason: what is kept of it, and how it is found again."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from huanxin.errors import RejectedError
from schemas.seal import Seal

SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`row` is its row of landing.dead_letter, `sealed` goes to the dead-letter topic."""

    row: tuple[Any, ...]
    source: str
    reason: str
    offset: int
    timestamp: int
    """Milliseconds, the broker's append time."""
    sealed: bytes

    @property
    def place(self) -> str:
        """Where the record lies, and the letter's key: topic/partition/offset."""
        return "/".join(map(str, self.row[:3]))


def dead_letter(seal: Seal, event_type: str, partition: tuple[str, int], record: Any, why: RejectedError) -> DeadLetter:
    """The dead letter of a record of a topic's partition."""
    value = record.value or b""
    where = (*partition, record.offset)
    source, event_id = _claimed(value)
    sealed = seal.seal(value, f"{where[0]}/{where[1]}/{where[2]}")
    received_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    fault = (why.stage, why.reason, why.field, why.message)
    row = (*where, event_type, source, event_id, *fault, received_at, sealed)
    return DeadLetter(row, source, why.reason, record.offset, record.timestamp, sealed)


def _claimed(value: bytes) -> tuple[str, str]:
    """Source and id as an unreadable event gives them, empty where it does not: for finding it, not for trusting it."""
    try:
        envelope = json.loads(value)
        source, event_id = envelope["source"], envelope["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", ""
    readable = isinstance(source, str) and SOURCE_ID.fullmatch(source) and isinstance(event_id, str)
    return (source, event_id[:200].encode(errors="replace").decode()) if readable else ("", "")
