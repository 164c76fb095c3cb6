"""`huanxin connectors`: one thread for each polled table, one for all captured ones, until the process is told to stop."""

import threading
from collections.abc import Callable, Mapping, Sequence

import structlog
from sqlalchemy import create_engine

from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from ingest.accept import Intake
from ingest.build import build_intake
from ingest.database.capture import Capture, topic_of
from ingest.database.changes import Changes
from ingest.database.exchange import Captured, Polled
from ingest.database.poll import Poller
from ingest.database.positions import Positions
from ingest.database.refusals import Refusal, note
from ingest.files.seen import SeenInWarehouse
from ingest.heartbeats import Heartbeats
from ingest.publisher import KafkaPublisher
from ingest.sources import Source
from warehouse.client import connect, connection

log = structlog.get_logger()
_PAUSE_SECONDS = 5.0


def run_connectors(settings: Settings, registered: Mapping[str, Source], stop: threading.Event) -> None:
    """Poll and capture until `stop` is set. A fault of a database, Kafka or ClickHouse is logged and tried again."""
    polled = [(source, source.exchange) for source in registered.values() if isinstance(source.exchange, Polled)]
    captured = [(source, source.exchange) for source in registered.values() if isinstance(source.exchange, Captured)]
    missing = [source.id for source, _ in polled if source.id not in settings.secrets.databases]
    if missing:
        raise ConfigurationError(f"no address for {missing}: set HUANXIN_SECRETS__DATABASES, JSON of source id → URL")
    jobs = [threading.Thread(target=_poll_for_ever, args=(settings, *job, registered, stop)) for job in polled]
    if captured:
        jobs.append(threading.Thread(target=_capture_for_ever, args=(settings, captured, registered, stop)))
    if not jobs:
        raise ConfigurationError("no registered source is a database: add an entry with `exchange` to the sources")
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()


def _poll_for_ever(
    settings: Settings, source: Source, table: Polled, registered: Mapping[str, Source], stop: threading.Event
) -> None:
    intake, publisher = _intake(settings, registered)
    engine = create_engine(settings.secrets.databases[source.id], pool_pre_ping=True)
    positions = Positions(settings.kafka_bootstrap, publisher)
    beats = Heartbeats(publisher, "database")
    poller = Poller(source, table, engine, intake, positions, _note_with(settings))
    while not stop.is_set():
        try:
            done = poller.poll()
            beats.beat([source.id])
            log.info("polled", source=source.id, rows=done.rows, accepted=done.accepted, refused=len(done.refusals))
            stop.wait(table.every_seconds)
        except Exception as error:  # whatever it is, nothing is lost by asking again
            log.warning("poll failed", source=source.id, error=repr(error)[:500])
            stop.wait(_PAUSE_SECONDS)
    publisher.close()
    engine.dispose()


def _capture_for_ever(
    settings: Settings, captured: Sequence[tuple[Source, Captured]], registered: Mapping[str, Source], stop: threading.Event
) -> None:
    intake, publisher = _intake(settings, registered)
    changes = {topic_of(table): Changes(source, table) for source, table in captured}
    capture = Capture(settings.kafka_bootstrap, changes, intake, _note_with(settings))
    while not stop.is_set():
        try:
            capture.take()
        except Exception as error:
            log.warning("capture failed", error=repr(error)[:500])
            stop.wait(_PAUSE_SECONDS)
            capture.rewind()
    capture.close()
    publisher.close()


def _intake(settings: Settings, registered: Mapping[str, Source]) -> tuple[Intake, KafkaPublisher]:
    publisher = KafkaPublisher(settings.kafka_bootstrap)
    return build_intake(settings, SeenInWarehouse(connect(settings, "worker")), registered, publisher), publisher


def _note_with(settings: Settings) -> Callable[[Sequence[Refusal]], None]:
    def write(refusals: Sequence[Refusal]) -> None:
        if refusals:
            with connection(settings, "worker") as client:
                note(client, refusals)

    return write
