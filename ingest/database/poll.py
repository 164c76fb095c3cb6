"""Polls an exchange table: what changed since the last position, and an overlap before it again."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine, MetaData, RowMapping, Table, select

from huanxin.errors import ConfigurationError
from ingest.accept import Intake, owned
from ingest.database.exchange import Polled
from ingest.database.refusals import Refusal
from ingest.database.rows import plain
from ingest.files.documents import Documents
from ingest.sources import Source
from schemas.event import CHINA

CHUNK_ROWS = 1_000


class Positions(Protocol):
    """Where a source's position is kept."""

    def get(self, source: str) -> datetime | None:
        """The last position, None at the first time."""

    def put(self, source: str, watermark: datetime) -> None:
        """Keep it; only what comes after it, or within the overlap before it, is read again."""


@dataclass(slots=True)
class Poll:
    """What one poll came to; rows of the overlap count as duplicates."""

    rows: int = 0
    accepted: int = 0
    duplicate: int = 0
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Poller:
    """Reads one registered table. `note` is told of refused rows before the position moves past them."""

    source: Source
    table: Polled
    engine: Engine
    intake: Intake
    positions: Positions
    note: Callable[[Sequence[Refusal]], None]

    def poll(self) -> Poll:
        """Read to the end once. Raises UnavailableError or SQLAlchemyError: poll again, nothing is lost."""
        done = Poll()
        since = self.positions.get(self.source.id)
        documents = Documents(self.source)
        with closing(self._chunks(since)) as chunks:
            for chunk in chunks:
                self._take(chunk, documents, done)
                newest = _aware(chunk[-1][self.table.watermark])
                if since is None or newest > since:
                    self.positions.put(self.source.id, newest)
                    since = newest
        return done

    def _take(self, chunk: Sequence[RowMapping], documents: Documents, done: Poll) -> None:
        """Return once Kafka holds the chunk's events and its refused rows are noted."""
        names = self.source.columns
        events = [owned(documents.event([plain({name: row[name] for name in names})]), self.source) for row in chunk]
        results = self.intake.accept(events)
        refused = [
            Refusal(self.source.id, "/".join(str(row[name]) for name in self.table.key), result)
            for row, result in zip(chunk, results, strict=True)
            if result.status == "rejected"
        ]
        self.note(refused)
        done.rows += len(chunk)
        done.accepted += sum(result.status == "accepted" for result in results)
        done.duplicate += sum(result.status == "duplicate" for result in results)
        done.refusals += refused

    def _chunks(self, since: datetime | None) -> Generator[Sequence[RowMapping], None, None]:
        """Rows in the order of their watermark, a thousand at a time from a cursor on the server."""
        wanted = {*self.source.columns, *self.table.key, self.table.watermark}
        with self.engine.connect() as connection:
            table = Table(self.table.table, MetaData(), schema=self.table.schema_name, autoload_with=connection)
            missing = wanted - set(table.columns.keys())
            if missing:
                raise ConfigurationError(f"{self.source.id}: {table.fullname} has no columns {sorted(missing)}")
            rising = table.columns[self.table.watermark]
            columns, order = ([table.columns[name] for name in names] for names in (sorted(wanted), self.table.key))
            query = select(*columns).order_by(rising, *order)
            if since is not None:
                first = since - self.table.overlap
                query = query.where(rising >= (first if _is_aware(rising) else first.astimezone(CHINA).replace(tzinfo=None)))
            with connection.execution_options(stream_results=True, yield_per=CHUNK_ROWS).execute(query) as result:
                yield from result.mappings().partitions()


def _is_aware(column: Any) -> bool:
    return bool(getattr(column.type, "timezone", False))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
