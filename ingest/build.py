"""Puts the intake together from the settings."""

from collections.abc import Mapping
from datetime import timedelta

from huanxin.settings import Settings
from ingest.accept import Intake, Seen
from ingest.prepare import Preparer
from ingest.publisher import KafkaPublisher, Publisher
from ingest.sources import Source, sources
from schemas.identity import Identifier


def build_preparer(settings: Settings, registered: Mapping[str, Source] | None = None) -> Preparer:
    """What makes events of envelopes, under this installation's key and for the given sources, by default the registry's."""
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    return Preparer(identifier, registered or sources(), timedelta(seconds=settings.clock_skew_seconds))


def build_intake(
    settings: Settings,
    seen: Seen,
    registered: Mapping[str, Source] | None = None,
    publisher: Publisher | None = None,
) -> Intake:
    """An intake on the real Kafka, which may come later: until it answers, nothing is accepted."""
    return Intake(build_preparer(settings, registered), publisher or KafkaPublisher(settings.kafka_bootstrap), seen)
