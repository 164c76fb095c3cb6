"""Heartbeats: not more often than needed, lost with nothing but themselves, and no business document."""

import pytest

from huanxin.errors import UnavailableError
from ingest.fakes import FakePublisher
from ingest.heartbeats import EVERY_SECONDS, Heartbeats
from schemas.heartbeat import Heartbeat


def heard(publisher: FakePublisher) -> list[tuple[str, str]]:
    beats = [Heartbeat.model_validate_json(record.value) for record in publisher.held if isinstance(record, Heartbeat)]
    return [(beat.source, beat.surface) for beat in beats]


def test_each_source_beats_once_in_a_while() -> None:
    now, publisher = [100.0], FakePublisher()
    beats = Heartbeats(publisher, "file", lambda: now[0])
    for source, later in (("a-source", 0), ("a-source", 1), ("b-source", 1), ("a-source", EVERY_SECONDS)):
        now[0] += later
        beats.beat([source])
    assert heard(publisher) == [("a-source", "file"), ("b-source", "file"), ("a-source", "file")]


def test_one_that_kafka_did_not_take_is_due_again_at_once() -> None:
    publisher = FakePublisher()
    beats = Heartbeats(publisher, "database", lambda: 1.0)
    publisher.available = False
    with pytest.raises(UnavailableError):
        beats.beat(["a-source"])
    publisher.available = True
    beats.beat(["a-source"])
    assert heard(publisher) == [("a-source", "database")]
