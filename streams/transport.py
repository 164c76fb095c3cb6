"""A Faust transport that hands an agent one contiguous offset range of a partition at a time.

Faust's own transport makes an event of each message and tracks each one's acknowledgement, which costs about 90 µs a message.
Here a *chunk* is the message: what one fetch brought of one partition. Acknowledging it acknowledges the whole range, and
ranges are committed in the order they were delivered, so nothing in flight is ever committed past (stock Faust does that:
faust-streaming issue 606). Registered as `huanxin-batch://` through the `faust.transports` entry point.
"""

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from faust import Schema
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode.utils.futures import notify

from streams.progress import Progress

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The records of one fetch from one partition, in offset order; never empty."""

    topic: str
    partition: int
    records: Sequence[Any]
    """aiokafka ConsumerRecords: value, key, offset, timestamp (ms, the broker's append time)."""
    missing: int = 0
    """Offsets that are gone from Kafka between what was read or committed before and this chunk."""
    end_offset: int = 0
    """Where the partition ended when the chunk was fetched."""
    log: int = 0
    """How often the partition's log had begun anew by then."""

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return int(self.records[0].offset)

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return int(self.records[-1].offset)


class ChunkSchema(Schema):  # type: ignore[misc]
    """Passes a chunk through untouched: records are parsed in the agent, where a bad one can be told from its neighbours."""

    def loads_key(self, app: Any, message: Any, **kwargs: Any) -> None:
        return None

    def loads_value(self, app: Any, message: Any, **kwargs: Any) -> Any:
        return message.value


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Delivers chunks, and commits them in the order of delivery."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._delivered: defaultdict[TP, deque[int]] = defaultdict(deque)
        self._progress = Progress()
        self._next: dict[TP, int] = {}
        """Where the last chunk of a partition ended."""
        self._log: defaultdict[TP, int] = defaultdict(int)
        self._asked_again = False
        """Whether a worker that came back has asked for its partitions anew."""

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        records, active = await self._wait_next_records(timeout)
        if records is None or self.should_stop:
            return
        if not self.flow_active:
            await self.perform_seek()
            return
        generation = self.app.consumer_generation_id
        for tp, fetched in records.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                break  # a rebalance has begun: what is left is fetched again by whoever gets the partition
            if fetched and (active is None or tp in active or tp in self._buffered_partitions):
                if fetched[0].offset < self._expected(tp):
                    self._begin_anew(tp)
                self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
                self._delivered[tp].append(fetched[-1].offset)
                self._progress.delivered(tp, fetched[-1].offset, fetched[0].timestamp / 1000, self.highwater(tp) or 0)
                yield tp, self._chunk_message(tp, fetched)
                self._next[tp] = fetched[-1].offset + 1

    def behind_seconds(self, topics: Collection[str]) -> float:
        """How long the oldest message of these topics that this worker has taken and not yet acknowledged has been in Kafka."""
        return self._progress.behind_seconds(topics)

    def _chunk_message(self, tp: TP, fetched: Sequence[Any]) -> Any:
        last = fetched[-1]
        missing = fetched[0].offset - self._expected(tp)
        chunk = Chunk(tp.topic, tp.partition, fetched, missing, self.highwater(tp) or 0, self._log[tp])
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            last.offset,
            last.timestamp / 1000.0,
            last.timestamp_type,
            (),
            None,
            chunk,
            None,
            0,
            0,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    def _expected(self, tp: TP) -> int:
        """The offset that follows on what was read or committed before."""
        return self._next.get(tp, self._committed_offset[tp] or 0)

    def _begin_anew(self, tp: TP) -> None:
        """The topic was deleted and made anew: Faust would drop all below the old log's offsets, and commit none of it."""
        log.warning("the log begins anew", topic=tp.topic, partition=tp.partition, expected=self._expected(tp))
        self._forget({tp})
        self._read_offset[tp] = self._committed_offset[tp] = None
        self._log[tp] += 1

    def ack(self, message: Any) -> bool:
        """Acknowledge a chunk; one from before a rebalance or of a deleted log counts for nothing.

        After a rebalance its range is delivered again; a deleted log's offsets mean others in the new one.
        """
        if message.generation_id != self.app.consumer_generation_id or message.value.log != self._log[message.tp]:
            message.acked = True
            self._unacked_messages.discard(message)
            return False
        return bool(super().ack(message))

    def let_go(self, message: Any) -> None:
        """Do not wait for this chunk's acknowledgement while the partitions are taken away; it may still be acknowledged."""
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)

    def _new_offset(self, tp: TP) -> int | None:
        """The offset to commit: past the longest run of acknowledged chunks from the oldest delivered one."""
        delivered, acked = self._delivered[tp], self._acked_index[tp]
        offset = None
        while delivered and delivered[0] in acked:
            last = delivered.popleft()
            acked.discard(last)
            offset = last + 1
        self._acked[tp][:] = sorted(acked)
        if offset is not None:
            self._progress.acknowledged(tp, offset, self.highwater(tp))
        return offset

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """A chunk's offset is its last one; the ones before it are no gap."""

    async def perform_seek(self) -> None:
        self._forget({*self._delivered, *self._next})
        await super().perform_seek()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        self._forget(revoked)
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        await super().on_partitions_assigned(assigned, generation_id)
        self._watch_growth()

    def _watch_growth(self) -> None:
        """See new partitions after a static member came back too.

        aiokafka lets only the leader look for them, and a leader that is started again within its session is given its old
        partitions without being told that it leads: then nobody looks. Such a member asks again once, at its first look at the
        metadata, because partitions may have been added while it was away; and whenever their number changes.
        """
        coordinator = self._thread._consumer._coordinator
        if coordinator._group_subscription is None:
            coordinator._group_subscription = set(coordinator._subscription.subscription.topics)
            coordinator._metadata_snapshot = coordinator._get_metadata_snapshot() if self._asked_again else {}
            self._asked_again = True

    def _forget(self, partitions: Any) -> None:
        self._progress.forget(partitions)
        for tp in partitions:
            self._delivered.pop(tp, None)
            self._next.pop(tp, None)
            self._acked_index.pop(tp, None)
            self._acked.pop(tp, None)


class Producer(driver.Producer):  # type: ignore[misc]
    """Faust's producer, which can also tell a topic's partitions."""

    async def partitions(self, topic: str, fresh: bool = False) -> int:
        """How many partitions the topic has: as last heard, or as the broker says now (`fresh`)."""
        producer = self._ensure_producer()
        if fresh:
            found = (await producer.client.fetch_all_metadata()).partitions_for_topic(topic)
        else:
            found = await producer.partitions_for(topic)
        if not found:
            raise LookupError(f"the topic {topic} is not there; make the topics with: huanxin migrate")
        return len(found)


class Transport(driver.Transport):  # type: ignore[misc]
    """aiokafka below, chunks above."""

    Consumer = Consumer
    Producer = Producer
