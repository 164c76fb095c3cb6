"""What became of an event: a look-up by the landing tables' sort key, and among the dead letters."""

from dataclasses import dataclass
from datetime import datetime

from clickhouse_driver import Client

from schemas.catalogue import event_types, table
from schemas.identity import EventId


@dataclass(frozen=True, slots=True)
class Found:
    """Where an event lies; `reason`, `field` and `message` are of its dead letter."""

    status: str
    type: str
    received_at: datetime
    reason: str = ""
    field: str = ""
    message: str = ""


def find(client: Client, event_id: EventId, source: str) -> Found | None:
    """The event, if this source sent it and it has been landed or refused by now."""
    mine = "day = %(day)s AND id = toFixedString(unhex(%(id)s), 16) AND revision = %(revision)s AND source = %(source)s"
    parts = [
        f"SELECT '{event_type}' AS type, min(received_at) FROM landing.{table(event_type)} WHERE {mine} HAVING count() > 0"
        for event_type in event_types()
    ]
    values = {"day": event_id.day, "id": event_id.document.hex(), "revision": event_id.revision, "source": source}
    stored = client.execute(" UNION ALL ".join(parts), values)
    if stored:
        return Found("stored", *stored[0])
    dead = client.execute(
        "SELECT event_type, received_at, reason, field, message FROM landing.dead_letter "
        "WHERE event_id = %(event)s AND source = %(source)s ORDER BY received_at DESC LIMIT 1",
        {"event": str(event_id), "source": source},
    )
    return Found("dead_lettered", *dead[0]) if dead else None
