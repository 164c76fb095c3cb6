"""What the `heartbeat` agent keeps of what came."""

from datetime import UTC, datetime

from schemas.heartbeat import Heartbeat
from streams.heartbeats import newest
from streams.transport import Chunk
from tests.streams.test_land import NOW, Record
from warehouse.heartbeats import Beat

THEN = datetime(2024, 6, 1, tzinfo=UTC)


def test_the_newest_of_each_source_and_way_is_kept_by_the_brokers_clock() -> None:
    ours, other = (Heartbeat.of("police.transfer", surface, THEN).value for surface in ("file", "http"))  # type: ignore[arg-type]
    records = [
        *(Record(ours, 1, NOW + 2000), Record(other, 2, NOW), Record(ours, 3, NOW + 1000)),
        *(Record(None, 4), Record(b"{", 5), Record(ours.replace(b"heartbeat", b"landed"), 6)),
    ]
    found = newest([Chunk("huanxin.heartbeats", 0, records)])
    at = {surface: datetime.fromtimestamp((NOW + later) / 1000, UTC) for surface, later in (("file", 2000), ("http", 0))}
    assert found == [Beat("police.transfer", surface, at[surface]) for surface in ("file", "http")]


def test_of_nothing_comes_nothing() -> None:
    assert newest([]) == []
