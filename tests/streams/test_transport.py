"""The batch transport's bookkeeping: what may be committed, and when. The real broker's part is in tests/stack."""

from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from streams.progress import Progress
from streams.transport import Chunk, Consumer, Transport

HERE = TP("t", 0)


class Bare(Consumer):
    """The consumer without its services: only what committing needs."""

    def __init__(self) -> None:
        from collections import defaultdict, deque

        self.app = SimpleNamespace(consumer_generation_id=1, topics=SimpleNamespace(acks_enabled_for=lambda topic: True))
        self._delivered = defaultdict(deque)
        self._next: dict[TP, int] = {}
        self._log = defaultdict(int)
        self._read_offset = defaultdict(lambda: None)
        self._progress = Progress()
        self._acked = defaultdict(list)
        self._acked_index = defaultdict(set)
        self._committed_offset = defaultdict(lambda: None)
        self._unacked_messages: Any = set()
        self._waiting_for_ack = None
        self._n_acked = 0

    def highwater(self, tp: TP) -> int:
        return 0

    def deliver(self, last: int, generation: int = 1) -> Any:
        self._delivered[HERE].append(last)
        return SimpleNamespace(acked=False, tp=HERE, offset=last, topic="t", generation_id=generation, value=self._chunk(last))

    def _chunk(self, last: int) -> Chunk:
        return Chunk("t", 0, [SimpleNamespace(offset=last)], log=self._log[HERE])


@pytest.fixture
def consumer() -> Bare:
    bare = Bare()
    bare._unacked_messages = SimpleNamespace(discard=lambda message: None)
    return bare


def test_a_chunk_commits_its_whole_range(consumer: Bare) -> None:
    consumer.ack(consumer.deliver(99))
    assert consumer._new_offset(HERE) == 100


def test_nothing_in_flight_is_committed_past(consumer: Bare) -> None:
    first, second = consumer.deliver(99), consumer.deliver(199)
    consumer.ack(second)
    assert consumer._new_offset(HERE) is None
    consumer.ack(first)
    assert consumer._new_offset(HERE) == 200


def test_gaps_in_the_log_do_not_stop_commits(consumer: Bare) -> None:
    """Compaction and transaction markers leave offsets out: the order of delivery counts, not the numbers."""
    consumer._committed_offset[HERE] = 10
    consumer.ack(consumer.deliver(50))
    assert consumer._new_offset(HERE) == 51


def test_an_acknowledgement_from_before_a_rebalance_counts_for_nothing(consumer: Bare) -> None:
    old = consumer.deliver(99)
    consumer._forget([HERE])
    consumer.app.consumer_generation_id = 2
    consumer.deliver(99, generation=2)
    assert consumer.ack(old) is False
    assert consumer._new_offset(HERE) is None


def test_a_log_that_begins_anew_is_read_and_committed_from_its_start(consumer: Bare) -> None:
    under_way = consumer.deliver(9)
    consumer._next[HERE], consumer._read_offset[HERE], consumer._committed_offset[HERE] = 10, 9, 5
    consumer._begin_anew(HERE)
    assert (consumer._read_offset[HERE], consumer._committed_offset[HERE], consumer._expected(HERE)) == (None, None, 0)
    again = consumer.deliver(9)
    assert consumer.ack(under_way) is False, "the old log's offset is another message's now"
    assert consumer._new_offset(HERE) is None
    consumer.ack(again)
    assert consumer._new_offset(HERE) == 10


def test_faust_finds_the_transport_by_its_scheme() -> None:
    from faust.transport import by_name

    assert by_name("huanxin-batch") is Transport


def test_a_chunk_names_the_offsets_that_are_gone_before_it(consumer: Bare) -> None:
    """Expected is where the last chunk ended, else what was committed, else the partition's start."""
    consumer.highwater = lambda tp: 100  # type: ignore[method-assign]

    def chunk(first: int, last: int) -> Any:
        records = [SimpleNamespace(offset=offset, timestamp=0, timestamp_type=1) for offset in (first, last)]
        return consumer._chunk_message(HERE, records).value

    assert chunk(0, 9).missing == 0
    assert chunk(7, 9).missing == 7
    consumer._committed_offset[HERE] = 10
    assert chunk(10, 19).missing == 0
    consumer._next[HERE] = 20
    assert (chunk(25, 29).missing, chunk(25, 29).end_offset) == (5, 100)
    consumer._forget([HERE])
    assert chunk(12, 19).missing == 2
    consumer._begin_anew(HERE)
    assert chunk(0, 5).missing == 0
