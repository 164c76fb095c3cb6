"""Takes in envelopes: validates each by itself, tells resends from news, publishes the new, answers one result for each."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, NamedTuple, Protocol

from pydantic import TypeAdapter, ValidationError

from huanxin.errors import RejectedError
from ingest.prepare import Outcome, Prepared, Preparer
from ingest.publisher import Publisher
from ingest.sources import Source
from schemas.envelope import Envelope
from schemas.rejection import rejection

Status = Literal["accepted", "duplicate", "rejected"]


class Result(NamedTuple):
    """What became of one event; `event_id` is what receipts are asked by, and `reason`, `field`, `message` say why not."""

    status: Status
    event_id: str | None = None
    reason: str | None = None
    field: str | None = None
    message: str | None = None

    @property
    def day(self) -> date:
        """The business day of an event that was accepted, now or before: its id begins with it."""
        return date.fromisoformat((self.event_id or "")[:8])

    @classmethod
    def of(cls, error: RejectedError) -> "Result":
        """What a sender is told of an event that is not valid."""
        return cls("rejected", None, error.reason, error.field, error.message)


class Seen(Protocol):
    """Remembers what was acknowledged, so that a resend is reported as one. Forgetting is harmless: keys deduplicate."""

    def known(self, events: Sequence[Prepared]) -> set[bytes]:
        """The fingerprints among these events that were accepted before."""

    def remember(self, events: Sequence[Prepared]) -> None:
        """Note these events as accepted; call it only once Kafka holds them."""


class RecentlySeen:
    """The last fingerprints, in memory: at most `limit`, at least the newest half. Two sets, so that nothing is sorted."""

    def __init__(self, limit: int = 500_000) -> None:
        self._half = limit // 2
        self._older: set[bytes] = set()
        self._newer: set[bytes] = set()

    def known(self, events: Sequence[Prepared]) -> set[bytes]:
        older, newer = self._older, self._newer
        return {event.fingerprint for event in events if event.fingerprint in newer or event.fingerprint in older}

    def remember(self, events: Sequence[Prepared]) -> None:
        for event in events:
            if len(self._newer) >= self._half:
                self._older, self._newer = self._newer, set()
            self._newer.add(event.fingerprint)


class Sending(NamedTuple):
    """Events handed to Kafka. Poll the publisher until `acknowledged` has ended; ask for `results` where it ended well."""

    acknowledged: "Future[None]"
    outcomes: Sequence[Outcome]
    fresh: dict[bytes, Prepared]
    seen: Seen

    def results(self) -> list[Result]:
        """One result per event, in order."""
        self.seen.remember(list(self.fresh.values()))
        return [_result(outcome, self.fresh) for outcome in self.outcomes]


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
        sending = self.send(self.preparer.prepare_many(events))
        while not sending.acknowledged.done():
            self.publisher.poll(0.02)
        sending.acknowledged.result()
        return sending.results()

    def send(self, outcomes: Sequence[Outcome]) -> Sending:
        """Hand what is new to Kafka, each once, without waiting."""
        prepared = [outcome for outcome in outcomes if not isinstance(outcome, RejectedError)]
        before = self.seen.known(prepared)
        fresh: dict[bytes, Prepared] = {}
        for event in prepared:
            if event.fingerprint not in before:
                fresh.setdefault(event.fingerprint, event)
        acknowledged = self.publisher.send(list(fresh.values())) if fresh else _nothing()
        return Sending(acknowledged, outcomes, fresh, self.seen)


def _nothing() -> "Future[None]":
    done: Future[None] = Future()
    done.set_result(None)
    return done


def _result(outcome: Outcome, fresh: dict[bytes, Prepared]) -> Result:
    if isinstance(outcome, RejectedError):
        return Result.of(outcome)
    first = fresh.get(outcome.fingerprint) is outcome
    return Result("accepted" if first else "duplicate", str(outcome.event_id))


def read_envelope(document: bytes | str) -> Envelope | RejectedError:
    """One JSON document as an envelope, or why it is none."""
    try:
        return Envelope.model_validate_json(document)
    except ValidationError as error:
        return rejection(error)


def read_envelopes(documents: Sequence[object]) -> list[Envelope | RejectedError]:
    """Parsed JSON documents as envelopes, or why they are none; all in one call, one by one only where any is wrong.

    What could not even be parsed comes, and stays, as its rejection.
    """
    try:
        return [*_envelopes().validate_python(documents)]
    except ValidationError:
        return [document if isinstance(document, RejectedError) else _envelope(document) for document in documents]


@cache
def _envelopes() -> TypeAdapter[list[Envelope]]:
    return TypeAdapter(list[Envelope])


def _envelope(document: object) -> Envelope | RejectedError:
    try:
        return Envelope.model_validate(document)
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
