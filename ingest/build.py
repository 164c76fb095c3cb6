"""Puts the intake together from the settings."""

from datetime import timedelta

from huanxin.settings import Settings
from ingest.accept import Intake, Seen
from ingest.prepare import Preparer
from ingest.publisher import KafkaPublisher
from ingest.sources import sources
from schemas.identity import Identifier


def build_intake(settings: Settings, seen: Seen) -> Intake:
    """An intake on the real Kafka, which may come later: until it answers, nothing is accepted."""
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    preparer = Preparer(identifier, sources(), timedelta(seconds=settings.clock_skew_seconds))
    return Intake(preparer, KafkaPublisher(settings.kafka_bootstrap), seen)
