"""Events for the tests of the ways in: the catalogue's examples, changed where a test needs it."""

import json
from datetime import timedelta
from typing import Any

from ingest.accept import Intake, RecentlySeen, read_envelope
from ingest.fakes import FakePublisher
from ingest.prepare import Prepared, Preparer
from ingest.sources import sources
from schemas.catalogue import example
from schemas.envelope import Envelope
from schemas.identity import Identifier

WEIGHED = "recycling.weighed"
WEIGHBRIDGE = sources()["recycler.weighbridge"]
PREPARER = Preparer(Identifier(b"a test's key, 32 bytes or longer"), sources(), timedelta(days=1))


def document(event_type: str = WEIGHED, *, data: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """The type's example with some attributes and some of its data replaced."""
    found = example(event_type) | attributes
    return found | {"data": found["data"] | (data or {})}


def ticket(number: int, **data: Any) -> dict[str, Any]:
    """A weighbridge ticket: another number is another document."""
    return document(data={"ticket_no": f"{number:06}", **data})


def envelope(found: dict[str, Any]) -> Envelope:
    """The document as an envelope, which it must be."""
    read = read_envelope(json.dumps(found))
    assert isinstance(read, Envelope)
    return read


def prepared(number: int, **data: Any) -> Prepared:
    """A ticket ready for Kafka."""
    return PREPARER.prepare(envelope(ticket(number, **data)))


def intake(publisher: FakePublisher) -> Intake:
    """The way in, on a fake publisher."""
    return Intake(PREPARER, publisher, RecentlySeen())
