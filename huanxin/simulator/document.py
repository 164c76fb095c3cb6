"""A true document: what a department would register, before any fault is planted in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from schemas.event import EventData

SHANGHAI = timezone(timedelta(hours=8))
"""The county's clock; China has kept one offset without summer time since 1992."""

NEVER = "never_handed_in_again"
"""The fault of a document whose row is refused by its reader, and no other comes."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of one source, with the times its envelope carries."""

    source: str
    data: EventData
    time: datetime
    """When the thing happened, on the document's business day."""
    reported_at: datetime
    revision: int = 1
    counts: bool = True
    """Whether a correct count has it: not where it is voided or a later revision takes its place."""
    faults: tuple[str, ...] = ()
    """Names of the faults a stage planted in it; a true document has none."""
