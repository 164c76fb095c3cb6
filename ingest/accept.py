"""Takes in envelopes: validates each by itself, tells resends from news, publishes the new, answers one result for each."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.prepare import Prepared, Preparer
from ingest.publisher import Publisher
from ingest.sources import Source
from schemas.envelope import Envelope
from schemas.rejection import rejection

Status = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event; `event_id` is what receipts are asked by, and `reason`, `field`, `message` say why not."""

    status: Status
    event_id: str | None = None
    reason: str | None = None
    field: str | None = None
    message: str | None = None


class Seen(Protocol):
    """Remembers what was acknowledged, so that a resend is reported as one. Forgetting is harmless: keys deduplicate."""

    def known(self, events: Sequence[Prepared]) -> set[bytes]:
        """The fingerprints among these events that were accepted before."""

    def remember(self, events: Sequence[Prepared]) -> None:
        """Note these events as accepted; call it only once Kafka holds them."""


class RecentlySeen:
    """The last `limit` fingerprints, in memory."""

    def __init__(self, limit: int = 500_000) -> None:
        self._limit = limit
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()

    def known(self, events: Sequence[Prepared]) -> set[bytes]:
        with self._lock:
            return {event.fingerprint for event in events if event.fingerprint in self._known}

    def remember(self, events: Sequence[Prepared]) -> None:
        with self._lock:
            for event in events:
                self._known[event.fingerprint] = None
                self._known.move_to_end(event.fingerprint)
            while len(self._known) > self._limit:
                self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Intake:
    """The way in that all surfaces share."""

    preparer: Preparer
    publisher: Publisher
    seen: Seen

    def accept(self, events: Sequence[Envelope | RejectedError]) -> list[Result]:
        """One result per event, in order; accepted means that Kafka has acknowledged it.

        An event that its surface could not read comes as its rejection. Raises UnavailableError where Kafka does not answer:
        then nothing counts as accepted, and sending the same again is safe.
        """
        outcomes = [self._prepare(event) for event in events]
        prepared = [outcome for outcome in outcomes if isinstance(outcome, Prepared)]
        before = self.seen.known(prepared)
        fresh: dict[bytes, Prepared] = {}
        for event in prepared:
            if event.fingerprint not in before:
                fresh.setdefault(event.fingerprint, event)
        if fresh:
            self.publisher.publish(list(fresh.values()))
            self.seen.remember(list(fresh.values()))
        return [self._result(outcome, fresh) for outcome in outcomes]

    def _prepare(self, event: Envelope | RejectedError) -> Prepared | RejectedError:
        if isinstance(event, RejectedError):
            return event
        try:
            return self.preparer.prepare(event)
        except RejectedError as error:
            return error

    def _result(self, outcome: Prepared | RejectedError, fresh: dict[bytes, Prepared]) -> Result:
        if isinstance(outcome, RejectedError):
            return Result("rejected", None, outcome.reason, outcome.field, outcome.message)
        first = fresh.get(outcome.fingerprint) is outcome
        return Result("accepted" if first else "duplicate", str(outcome.event_id))


def read_envelope(document: bytes | str) -> Envelope | RejectedError:
    """One JSON document as an envelope, or why it is none."""
    try:
        return Envelope.model_validate_json(document)
    except ValidationError as error:
        return rejection(error)


def owned(event: Envelope | RejectedError, source: Source) -> Envelope | RejectedError:
    """A source speaks for itself only, and only of its own types."""
    if isinstance(event, RejectedError):
        return event
    if event.source != source.id:
        return RejectedError("envelope", "foreign_source", "source", f"this way in belongs to {source.id}")
    if event.type not in source.event_types:
        return RejectedError(
            "envelope", "type_not_allowed", "type", f"{source.id} may send only {', '.join(source.event_types)}"
        )
    return event
