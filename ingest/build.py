"""Puts the intake together from the settings."""

from datetime import timedelta

from huanxin.settings import Settings
from ingest.accept import Intake, Seen
from ingest.prepare import Preparer
from ingest.publisher import KafkaPublisher
from ingest.sources import sources
from schemas.identity import Identifier


def build_preparer(settings: Settings) -> Preparer:
    """What makes events of envelopes, under this installation's key and for its registered sources."""
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    return Preparer(identifier, sources(), timedelta(seconds=settings.clock_skew_seconds))


def build_intake(settings: Settings, seen: Seen) -> Intake:
    """An intake on the real Kafka, which may come later: until it answers, nothing is accepted."""
    return Intake(build_preparer(settings), KafkaPublisher(settings.kafka_bootstrap), seen)
