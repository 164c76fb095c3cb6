"""Polling a real PostgreSQL into a real Kafka: late commits, corrections, refused rows, a crash before the position is kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from sqlalchemy import create_engine

from huanxin.errors import ConfigurationError, UnavailableError
from ingest.accept import RecentlySeen
from ingest.build import build_intake
from ingest.database.exchange import Polled
from ingest.database.poll import Poll, Poller
from ingest.database.positions import Positions
from ingest.database.refusals import note
from ingest.publisher import KafkaPublisher
from ingest.sources import sources
from tests.conftest import Stack
from tests.ingest.database.postgres import Postgres, postgres
from tests.ingest.database.table import CREATE, REGISTRY, correct, insert, source
from warehouse.client import connection

pytestmark = pytest.mark.stack
DAY = date(2018, 11, 1)
SOURCE = "exchange.polled"


@pytest.fixture
def server() -> Iterator[Postgres]:
    with postgres() as found:
        with found.connect() as session:
            session.execute(CREATE)
        yield found


class Crash(Positions):
    """Positions that fail once, after the events have been published."""

    crashed = False

    def put(self, source: str, watermark: datetime) -> None:
        if not self.crashed:
            self.crashed = True
            raise UnavailableError("the process dies here")
        super().put(source, watermark)


@contextmanager
def polling(stack: Stack, server: Postgres, positions: type[Positions] = Positions) -> Iterator[Poller]:
    """A poller as after a start of the process: it remembers nothing."""
    publisher = KafkaPublisher(stack.settings.kafka_bootstrap)
    intake = build_intake(stack.settings, RecentlySeen(), sources(REGISTRY), publisher)
    chosen = source(SOURCE)
    assert isinstance(chosen.exchange, Polled)

    def write(refusals: object) -> None:
        with connection(stack.settings, "worker") as client:
            note(client, refusals)  # type: ignore[arg-type]

    kept = positions(stack.settings.kafka_bootstrap, publisher)
    engine = create_engine(server.url)
    try:
        yield Poller(chosen, chosen.exchange, engine, intake, kept, write)
    finally:
        engine.dispose()
        publisher.close()


def stored(stack: Stack, day: date = DAY) -> dict[str, float]:
    """Serial number → price of what counts now."""
    stack.wait_until_landed()
    query = (
        "SELECT serial_no, toFloat64(price_yuan) FROM landing.usedcar_transferred_current "
        "WHERE source = %(source)s AND day = %(day)s AND status != 'voided'"
    )
    return dict(stack.clickhouse(query, {"source": SOURCE, "day": day}))


def counts(done: Poll) -> tuple[int, int]:
    return done.accepted, len(done.refusals)


def test_what_a_department_does_with_its_table_arrives(stack: Stack, server: Postgres) -> None:
    with polling(stack, server) as first, server.connect() as session, server.connect() as late:
        for number in range(3):
            insert(session, f"POLL-{number}", DAY)
        insert(session, "POLL-BAD", DAY, vin="I0")
        assert counts(first.poll()) == (3, 1)
        correct(session, "POLL-1", "9.99")
        late.autocommit = False
        insert(late, "POLL-LATE", DAY)  # its watermark is now; it is committed after a later row has been read
        time.sleep(0.05)
        insert(session, "POLL-3", DAY)
        assert counts(first.poll()) == (2, 1)
        late.commit()
        assert counts(first.poll()) == (1, 1)
        assert counts(first.poll()) == (0, 1)
    assert stored(stack) == {"POLL-0": 41000.1, "POLL-1": 9.99, "POLL-2": 41000.1, "POLL-3": 41000.1, "POLL-LATE": 41000.1}
    refused = stack.clickhouse("SELECT row_key, reason, field FROM ops.refused_row FINAL WHERE source = %(s)s", {"s": SOURCE})
    assert refused == [("POLL-BAD", "string_pattern_mismatch", "data.vin")]


def test_a_crash_between_publishing_and_keeping_the_position_has_no_effect(stack: Stack, server: Postgres) -> None:
    day = date(2018, 11, 2)
    with server.connect() as session:
        for number in range(3):
            insert(session, f"CRASH-{number}", day)
    with polling(stack, server, Crash) as first, pytest.raises(UnavailableError):
        first.poll()
    with polling(stack, server) as again:
        position = again.positions.get(SOURCE)
        assert again.poll().accepted >= 3  # sent a second time, because the position was not kept
        assert again.positions.get(SOURCE) != position
    assert len(stored(stack, day)) == 3
    ((rows,),) = stack.clickhouse("SELECT count() FROM landing.usedcar_transferred FINAL WHERE day = %(d)s", {"d": day})
    assert rows == 3


def test_a_column_that_is_not_there_is_named(stack: Stack, server: Postgres) -> None:
    with server.connect() as session:
        session.execute("ALTER TABLE transfer RENAME COLUMN town TO village")
        try:
            with polling(stack, server) as first, pytest.raises(ConfigurationError, match="town"):
                first.poll()
        finally:
            session.execute("ALTER TABLE transfer RENAME COLUMN village TO town")
