"""What files were taken in before: this run's rows from memory, earlier ones from the landing tables."""

from collections import defaultdict
from collections.abc import Sequence

from clickhouse_driver import Client

from huanxin.errors import UnavailableError
from ingest.accept import RecentlySeen
from ingest.prepare import Prepared
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.seen import landed


class SeenInWarehouse:
    """Asks ClickHouse for each chunk. An event still on its way there counts as new: sending it again has no effect."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._recent = RecentlySeen()

    def known(self, events: Sequence[Prepared]) -> set[bytes]:
        found = self._recent.known(events)
        by_type: defaultdict[str, list[Prepared]] = defaultdict(list)
        for event in events:
            if event.fingerprint not in found:
                by_type[event.event_type].append(event)
        for event_type, asked in by_type.items():
            try:
                stored = landed(self._client, event_type, [(e.event_id.day, e.event_id.document) for e in asked])
            except CLICKHOUSE_ERRORS as error:
                raise UnavailableError(f"ClickHouse does not answer: {error!r}; take the file in again") from error
            found |= {e.fingerprint for e in asked if (e.event_id.document, e.event_id.revision, e.payload_hash) in stored}
        return found

    def remember(self, events: Sequence[Prepared]) -> None:
        self._recent.remember(events)
