"""Which events the landing tables hold already: how a file that was taken in before is told from a new one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from clickhouse_driver import Client

from schemas.catalogue import table

Landed = tuple[bytes, int, bytes]
"""Document id, revision, payload hash."""


def landed(client: Client, event_type: str, documents: Iterable[tuple[date, bytes]]) -> set[Landed]:
    """The revisions stored of the given documents (day and id), by a look-up along the sort key."""
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for day, document in documents:
        by_day[day].append(document.hex())
    if not by_day:
        return set()
    rows = client.execute(
        f"SELECT hex(id), revision, hex(payload_hash) FROM landing.{table(event_type)} "
        "WHERE day IN %(days)s AND id IN (SELECT toFixedString(unhex(arrayJoin(%(ids)s)), 16))",
        {"days": list(by_day), "ids": [document for documents in by_day.values() for document in documents]},
    )
    return {(bytes.fromhex(document), revision, bytes.fromhex(content)) for document, revision, content in rows}
