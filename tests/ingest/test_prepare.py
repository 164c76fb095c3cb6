"""From envelope to message: the same document has the same id for ever, and a rejection never repeats a value."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from huanxin.errors import RejectedError
from ingest.prepare import Prepared
from schemas.catalogue import event_types, example
from schemas.envelope import Envelope
from schemas.identity import EventId
from schemas.wire import message_adapter
from tests.ingest.samples import PREPARER, document, envelope, ticket

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PERSONAL: dict[str, Any] = {
    "truck_plate": "晋E 2630",
    "operator": "史" * 101,
    "seller": ["武冬华"],
    "seller_id": "140599199703280021",
    "in_at": "武冬华",
    "category": "武冬华",
    "pieces": "140599199703280020",
    "gross_kg": "武冬华",
    "town": "武",
}
"""Field → a wrong value that names a person or could: cells slip into the neighbouring column."""


def refused(found: dict[str, Any], now: datetime | None = None) -> RejectedError:
    """Why the document is refused, which it must be."""
    with pytest.raises(RejectedError) as caught:
        PREPARER.prepare(envelope(found), now)
    return caught.value


@pytest.mark.parametrize("event_type", event_types())
def test_every_example_is_prepared(event_type: str) -> None:
    event = PREPARER.prepare(envelope(example(event_type)))
    message = message_adapter(event_types()[event_type]).validate_json(event.value)
    assert (message.id, message.type) == (str(event.event_id), event_type)
    assert (event.topic, event.key) == (f"huanxin.{event_type}", event.event_id.document)


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = (PREPARER.prepare(envelope(document()), NOW) for _ in range(2))
    assert first == second


def test_the_id_is_known_beforehand() -> None:
    """Ids stand in other systems and in receipts: if this one changes, so does every id of the data."""
    found = PREPARER.prepare(envelope(document())).event_id
    assert str(found) == "20240502-2d5df985e7a0c99088987d01d694b578-1"
    assert EventId.parse(str(found)) == found


@pytest.mark.parametrize(
    ("changes", "same_document", "same_fingerprint"),
    [
        ({"id": "another-id-of-the-source"}, True, True),
        ({"time": "2024-05-02T11:40:00+08:00", "reportedat": "2024-05-09T08:00:00+08:00"}, True, True),
        ({"data": {"amount_yuan": "1124.8"}}, True, False),
        ({"data": {"pieces": 15}}, True, False),
        ({"revision": 2, "data": {"status": "corrected", "pieces": 15}}, True, False),
        ({"revision": 2}, True, False),
        ({"data": {"ticket_no": "000261"}}, False, False),
        ({"source": "coop.weighbridge"}, False, False),
    ],
)
def test_what_makes_a_document_and_a_resend(changes: dict[str, Any], same_document: bool, same_fingerprint: bool) -> None:
    def judged(event: Prepared) -> tuple[bytes, bytes]:
        return event.event_id.document, event.fingerprint

    before = judged(PREPARER.prepare(envelope(document())))
    after = judged(PREPARER.prepare(envelope(document(**changes))))
    assert (before[0] == after[0], before[1] == after[1]) == (same_document, same_fingerprint)


def test_a_report_without_its_time_is_reported_now() -> None:
    found = document()
    del found["reportedat"]
    message = message_adapter(event_types()["recycling.weighed"]).validate_json(PREPARER.prepare(envelope(found), NOW).value)
    assert message.reportedat == NOW


def test_the_clock_may_be_a_day_ahead_and_no_more() -> None:
    edge = NOW + timedelta(days=1)
    PREPARER.prepare(envelope(document(time=edge.isoformat())), NOW)
    error = refused(document(time=(edge + timedelta(seconds=1)).isoformat()), NOW)
    assert (error.stage, error.reason, error.field) == ("envelope", "time_in_future", "time")


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"source": "no.such.source"}, "unknown_source", "source"),
        ({"type": "no.such.type"}, "unknown_type", "type"),
        ({"data": {"pieces": -1}}, "greater_than_equal", "data.pieces"),
        ({"data": {"net_kg": "1"}}, "net_kg", "data"),
        ({"data": {"colour": "red"}}, "extra_forbidden", "data.colour"),
        ({"data": {"out_at": "2024-05-02T11:33:39"}}, "timezone_aware", "data.out_at"),
        ({"data": {"out_at": "0999-05-02T11:33:39+08:00"}}, "day_out_of_range", "data.out_at"),
        ({"data": {"out_at": 45407}}, "date_type", "data.out_at"),
        ({"data": {"in_at": "1714620819"}}, "date_type", "data.in_at"),
        ({"data": {"out_at": "1970-01-01T11:33:39+08:00"}}, "day_out_of_range", "data.out_at"),
        ({"data": {"out_at": "1969-12-31T11:33:39+08:00"}}, "day_out_of_range", "data.out_at"),
        ({"data": {"out_at": "2149-06-07T11:33:39+08:00"}}, "day_out_of_range", "data.out_at"),
    ],
)
def test_rejections_name_reason_and_field(changes: dict[str, Any], reason: str, field: str) -> None:
    error = refused(document(**changes))
    assert (error.reason, error.field) == (reason, field)
    assert error.message


@pytest.mark.parametrize("day", [date(1970, 1, 2), date(2149, 6, 6)])
def test_the_days_that_the_store_can_hold(day: date) -> None:
    event = PREPARER.prepare(envelope(ticket(1, out_at=f"{day}T11:33:39+08:00")))
    assert event.event_id.day == day


@pytest.mark.parametrize("field", PERSONAL)
def test_a_rejection_never_repeats_the_value(field: str) -> None:
    value = PERSONAL[field]
    error = refused(document(data={field: value}))
    told = f"{error} {error.message} {error.field} {error.reason}"
    assert error.field == f"data.{field}"
    assert not any(part in told for part in (value if isinstance(value, list) else [value]))


def test_an_envelope_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        envelope(document()).source = "other"  # type: ignore[misc]
    assert isinstance(envelope(document()), Envelope)


@pytest.mark.parametrize(("version", "reason"), [(1, None), (2, "unknown_version")])
def test_the_contract_version_that_a_source_names(version: int, reason: str | None) -> None:
    found = document() | {"dataversion": version}
    if reason is None:
        assert PREPARER.prepare(envelope(found), NOW) == PREPARER.prepare(envelope(document()), NOW)
    else:
        assert (refused(found).reason, refused(found).field) == (reason, "dataversion")
