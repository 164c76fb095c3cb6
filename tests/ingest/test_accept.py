"""The intake all surfaces share: one result per event, in order, and nothing accepted that Kafka does not hold."""

import json

import pytest

from huanxin.errors import RejectedError, UnavailableError
from ingest.accept import RecentlySeen, Result, owned, read_envelope
from ingest.fakes import FakePublisher
from ingest.sources import sources
from schemas.envelope import Envelope
from tests.ingest.samples import WEIGHBRIDGE, document, envelope, intake, prepared, ticket


def statuses(results: list[Result]) -> list[str]:
    """The results' statuses."""
    return [result.status for result in results]


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


def test_new_events_are_published_in_order(publisher: FakePublisher) -> None:
    results = intake(publisher).accept([envelope(ticket(n)) for n in (3, 1, 2)])
    assert statuses(results) == ["accepted"] * 3
    assert [str(event.event_id) for event in publisher.held] == [result.event_id for result in results]


def test_a_duplicate_within_one_call_is_published_once(publisher: FakePublisher) -> None:
    results = intake(publisher).accept([envelope(ticket(n)) for n in (1, 2, 1)])
    assert statuses(results) == ["accepted", "accepted", "duplicate"]
    assert results[2].event_id == results[0].event_id
    assert len(publisher.held) == 2


def test_a_resend_is_a_duplicate_and_publishes_nothing(publisher: FakePublisher) -> None:
    way_in = intake(publisher)
    way_in.accept([envelope(ticket(1))])
    assert statuses(way_in.accept([envelope(ticket(1))])) == ["duplicate"]
    assert len(publisher.held) == 1


def test_other_content_under_the_same_revision_is_no_duplicate(publisher: FakePublisher) -> None:
    """Two contents of one revision are a conflict, which the landing table keeps: the intake must not hide it."""
    results = intake(publisher).accept([envelope(ticket(1)), envelope(ticket(1, pieces=15))])
    assert statuses(results) == ["accepted", "accepted"]
    assert results[0].event_id == results[1].event_id


def test_a_correction_is_a_document_of_its_own_revision(publisher: FakePublisher) -> None:
    correction = ticket(1, status="corrected", pieces=15) | {"revision": 2}
    first, second = intake(publisher).accept([envelope(ticket(1)), envelope(correction)])
    assert (first.status, second.status) == ("accepted", "accepted")
    assert first.event_id
    assert second.event_id == first.event_id.removesuffix("-1") + "-2"


def test_a_wrong_event_leaves_its_neighbours_alone(publisher: FakePublisher) -> None:
    unreadable = read_envelope(b"{")
    assert isinstance(unreadable, RejectedError)
    results = intake(publisher).accept([envelope(ticket(1)), unreadable, envelope(ticket(2, pieces=-1)), envelope(ticket(3))])
    assert statuses(results) == ["accepted", "rejected", "rejected", "accepted"]
    assert (results[1].reason, results[2].field) == ("json_invalid", "data.pieces")
    assert results[2].event_id is None
    assert len(publisher.held) == 2


def test_nothing_new_asks_nothing_of_kafka(publisher: FakePublisher) -> None:
    publisher.available = False
    results = intake(publisher).accept([envelope(ticket(1, pieces=-1))])
    assert statuses(results) == ["rejected"]
    assert intake(publisher).accept([]) == []


def test_what_kafka_did_not_take_is_not_remembered(publisher: FakePublisher) -> None:
    way_in = intake(publisher)
    publisher.available = False
    with pytest.raises(UnavailableError):
        way_in.accept([envelope(ticket(1))])
    publisher.available = True
    assert statuses(way_in.accept([envelope(ticket(1))])) == ["accepted"]


def test_memory_is_bounded_and_the_newest_stay() -> None:
    seen = RecentlySeen(limit=4)
    events = [prepared(n) for n in range(9)]
    for count, event in enumerate(events, 1):
        seen.remember([event])
        known = seen.known(events)
        assert len(known) <= 4
        assert known >= {newest.fingerprint for newest in events[max(0, count - 2) : count]}


def test_a_source_speaks_for_itself_and_of_its_own_types() -> None:
    mine = envelope(document())
    assert owned(mine, WEIGHBRIDGE) is mine
    foreign = owned(mine, sources()["coop.weighbridge"])
    other = owned(envelope(document("subsidy.paid", source=WEIGHBRIDGE.id)), WEIGHBRIDGE)
    assert isinstance(foreign, RejectedError)
    assert isinstance(other, RejectedError)
    assert (foreign.reason, other.reason) == ("foreign_source", "type_not_allowed")
    unread = RejectedError("open", "json_invalid", "", "not valid JSON")
    assert owned(unread, WEIGHBRIDGE) is unread


@pytest.mark.parametrize(
    ("text", "stage", "field"),
    [
        (b"", "open", ""),
        (b"[]", "envelope", ""),
        (b"\xff\xfe{}", "open", ""),
        (json.dumps(document(specversion="0.3")).encode(), "envelope", "specversion"),
        (json.dumps(document(time="2024-05-02T11:33:39")).encode(), "envelope", "time"),
        (json.dumps(document(revision=0)).encode(), "envelope", "revision"),
        (json.dumps(document() | {"data": "text"}).encode(), "data", "data"),
    ],
)
def test_what_is_no_envelope_says_why(text: bytes, stage: str, field: str) -> None:
    found = read_envelope(text)
    assert isinstance(found, RejectedError)
    assert (found.stage, found.field) == (stage, field)


def test_unknown_extensions_are_no_fault() -> None:
    assert isinstance(read_envelope(json.dumps(document(traceparent="00-0af7"))), Envelope)
