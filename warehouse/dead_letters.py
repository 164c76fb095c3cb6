"""Dead letters as the data team handles them: find, read, and note what was done. Replaying lies in ingest/replay.py."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from clickhouse_driver import Client

from huanxin.errors import ConfigurationError
from warehouse.audit import record

_FIELDS = "letter, event_type, source, event_id, stage, reason, field, message, received_at, state, acted_at, actor"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that could not be landed. `letter` is topic/partition/offset; `state` is open, replayed or discarded."""

    letter: str
    event_type: str
    source: str
    event_id: str
    stage: str
    reason: str
    field: str
    message: str
    received_at: datetime
    state: str
    acted_at: datetime | None
    actor: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dead letters are meant; an empty field means any. `since` and `until` bound the time of arrival."""

    event_type: str = ""
    source: str = ""
    stage: str = ""
    reason: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """A WHERE clause over ops.dead_letter and its parameters."""
        given = {name: value for name, value in asdict(self).items() if value}
        operators = {"since": "received_at >= %(since)s", "until": "received_at < %(until)s"}
        parts = [operators.get(name, f"{name} = %({name})s") for name in given]
        return " AND ".join(parts) or "1", given


def find(client: Client, wanted: Filter, limit: int) -> list[DeadLetter]:
    """The oldest `limit` dead letters that the filter names."""
    where, values = wanted.conditions()
    statement = f"SELECT {_FIELDS} FROM ops.dead_letter WHERE {where} ORDER BY received_at, letter LIMIT %(limit)s"
    return [DeadLetter(*row) for row in client.execute(statement, {**values, "limit": limit})]


def count(client: Client, wanted: Filter) -> list[tuple[str, str, str, str, int]]:
    """Event type, stage, reason, state and number, most frequent first."""
    where, values = wanted.conditions()
    statement = (
        f"SELECT event_type, stage, reason, state, count() AS n FROM ops.dead_letter WHERE {where} "
        "GROUP BY event_type, stage, reason, state ORDER BY n DESC, event_type, stage, reason, state"
    )
    return [tuple(row) for row in client.execute(statement, values)]


def get(client: Client, letter: str) -> DeadLetter:
    """One dead letter by its place. Raises ConfigurationError where there is none."""
    rows = client.execute(f"SELECT {_FIELDS} FROM ops.dead_letter WHERE letter = %(letter)s", {"letter": letter})
    if not rows:
        raise ConfigurationError(f"there is no dead letter {letter!r}; `huanxin dead-letters list` shows them")
    return DeadLetter(*rows[0])


def sealed_payloads(client: Client, letters: Sequence[str]) -> dict[str, bytes]:
    """Letter → its sealed payload."""
    places = [tuple(letter.rsplit("/", 2)) for letter in letters]
    keys = [(topic, int(partition), int(offset)) for topic, partition, offset in places]
    if not keys:
        return {}
    rows = client.execute(
        "SELECT topic, kafka_partition, kafka_offset, sealed FROM landing.dead_letter FINAL "
        "WHERE (topic, kafka_partition, kafka_offset) IN %(keys)s",
        {"keys": keys},
        settings={"strings_as_bytes": True},
    )
    return {f"{topic.decode()}/{partition}/{offset}": sealed for topic, partition, offset, sealed in rows}


def discard(client: Client, letters: Iterable[DeadLetter], actor: str, why: str) -> None:
    """Note that these will not be sent again and why; the letters themselves stay."""
    record(client, actor, "dead_letter.discard", [letter.letter for letter in letters], why)
