"""Sends dead letters again, once what made them fail has been corrected on our side.

The payload goes back to its own topic as it was. Ids decide the effect, so replaying twice, or replaying what a source has
sent again meanwhile, changes nothing; what still fails becomes a dead letter at its new place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.publisher import KafkaPublisher
from schemas.catalogue import event_types, topic
from schemas.identity import EventId
from schemas.rejection import rejection
from schemas.seal import Seal
from schemas.wire import from_kafka, message_adapter


@dataclass(frozen=True, slots=True)
class Opened:
    """A dead letter's payload, opened, on its way back; `fault` is what would still make it fail, if anything."""

    letter: str
    event_type: str
    value: bytes
    key: bytes
    fault: RejectedError | None

    @property
    def topic(self) -> str:
        """The topic it goes back to."""
        return topic(self.event_type)


def open_letter(seal: Seal, letter: str, event_type: str, sealed: bytes) -> Opened:
    """Open one and try it against today's model. Raises SealError where the key is not the one that sealed it."""
    value = seal.open(sealed, letter)
    try:
        message = message_adapter(event_types()[event_type]).validate_json(from_kafka(value))
    except ValidationError as error:
        return Opened(letter, event_type, value, letter.encode(), rejection(error))
    return Opened(letter, event_type, value, EventId.parse(message.id).document, None)


def replay(publisher: KafkaPublisher, letters: Sequence[Opened]) -> None:
    """Return once Kafka holds them all. Raises UnavailableError where it does not answer: then replay the same again."""
    publisher.publish(letters)
