"""What every publisher promises, run over the fake and over the real one on the stack's Kafka."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from huanxin.errors import UnavailableError
from ingest.fakes import FakePublisher
from ingest.prepare import Prepared
from ingest.publisher import KafkaPublisher, Publisher
from tests.ingest.samples import prepared

Held = Callable[[list[Prepared]], list[tuple[bytes, bytes]]]
"""Key and value of all that is held under these events' keys; in order, as far as one key goes."""
MOMENT = "2021-03-04T11:33:39+08:00"


def ticket_of_2021(number: int, pieces: int = 14) -> Prepared:
    """A ticket of a year in which nothing else happens."""
    return prepared(number, in_at=MOMENT, out_at=MOMENT, pieces=pieces)


def events(first: int, count: int) -> list[Prepared]:
    """Tickets with consecutive numbers."""
    return [ticket_of_2021(number) for number in range(first, first + count)]


class PublisherContract:
    """The promises. A half says how its publisher is made, and reads back what it holds."""

    @pytest.fixture
    def publisher(self) -> Iterator[Publisher]:
        raise NotImplementedError

    @pytest.fixture
    def held(self) -> Held:
        raise NotImplementedError

    def publish_without_kafka(self) -> None:
        """Publish an event where no broker answers."""
        raise NotImplementedError

    def test_it_is_ready(self, publisher: Publisher) -> None:
        assert publisher.ready()

    def test_what_is_published_is_held_when_the_call_returns(self, publisher: Publisher, held: Held) -> None:
        sent = events(1000, 50)
        publisher.publish(sent)
        assert sorted(held(sent)) == sorted((event.key, event.value) for event in sent)

    def test_one_document_keeps_its_order(self, publisher: Publisher, held: Held) -> None:
        changes = [ticket_of_2021(1100, pieces) for pieces in range(20)]
        assert len({event.key for event in changes}) == 1
        publisher.publish(changes)
        assert held(changes) == [(event.key, event.value) for event in changes]

    def test_a_resend_is_held_again(self, publisher: Publisher, held: Held) -> None:
        sent = events(1200, 1)
        publisher.publish(sent)
        publisher.publish(sent)
        assert len(held(sent)) == 2

    def test_nothing_is_nothing(self, publisher: Publisher) -> None:
        publisher.publish([])

    def test_many_threads_may_publish(self, publisher: Publisher, held: Held) -> None:
        parts = [events(1300 + 10 * number, 10) for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(publisher.publish, parts))
        assert len(held([event for part in parts for event in part])) == 80

    def test_without_kafka_it_is_unavailable(self) -> None:
        with pytest.raises(UnavailableError):
            self.publish_without_kafka()


class TestFakePublisher(PublisherContract):
    """The fake keeps them."""

    @pytest.fixture
    def fake(self) -> FakePublisher:
        return FakePublisher()

    @pytest.fixture
    def publisher(self, fake: FakePublisher) -> Iterator[Publisher]:
        yield fake
        fake.close()
        assert fake.closed

    @pytest.fixture
    def held(self, fake: FakePublisher) -> Held:
        def read(wanted: list[Prepared]) -> list[tuple[bytes, bytes]]:
            keys = {event.key for event in wanted}
            return [(event.key, event.value) for event in fake.held if event.key in keys]

        return read

    def publish_without_kafka(self) -> None:
        fake = FakePublisher()
        fake.available = False
        assert not fake.ready()
        fake.publish(events(1, 1))


@pytest.mark.stack
class TestKafkaPublisher(PublisherContract):
    """The real one keeps them."""

    @pytest.fixture
    def bootstrap(self, stack: Any) -> str:
        return str(stack.settings.kafka_bootstrap)

    @pytest.fixture
    def publisher(self, bootstrap: str) -> Iterator[Publisher]:
        real = KafkaPublisher(bootstrap)
        yield real
        real.close()

    @pytest.fixture
    def held(self, bootstrap: str) -> Held:
        def read(wanted: list[Prepared]) -> list[tuple[bytes, bytes]]:
            keys, topic = {event.key for event in wanted}, wanted[0].topic
            consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
            found = []
            try:
                partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
                consumer.assign(partitions)
                consumer.seek_to_beginning(*partitions)
                ends = consumer.end_offsets(partitions)
                while any(consumer.position(partition) < end for partition, end in ends.items()):
                    for records in consumer.poll(timeout_ms=500).values():
                        found += [(record.key, record.value) for record in records if record.key in keys]
            finally:
                consumer.close()
            return found

        return read

    def publish_without_kafka(self) -> None:
        KafkaPublisher("127.0.0.1:1", timeout_seconds=2).publish(events(1, 1))
