"""Alarms of the workers: rows of ops.alarm, open until a person clears them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from clickhouse_driver import Client

from huanxin.errors import ConfigurationError

Kind = Literal["offsets_lost", "dead_letters"]
_COLUMNS = "kind, topic, kafka_partition, first_offset, last_offset, detail"


@dataclass(frozen=True, slots=True)
class Alarm:
    """About the offsets first to last (both included) of one partition; `detail` says what happened and what to do."""

    kind: Kind
    topic: str
    partition: int
    first_offset: int
    last_offset: int
    detail: str

    @property
    def id(self) -> str:
        """How people name it."""
        return f"{self.kind}/{self.topic}/{self.partition}/{self.first_offset}-{self.last_offset}"


def raise_alarm(client: Client, alarm: Alarm) -> None:
    """Note the alarm. One that a person has cleared stays cleared."""
    row = (alarm.kind, alarm.topic, alarm.partition, alarm.first_offset, alarm.last_offset, alarm.detail)
    client.execute(f"INSERT INTO ops.alarm ({_COLUMNS}) VALUES", [row])


def open_alarms(client: Client) -> list[Alarm]:
    """What nobody has cleared yet, oldest first."""
    rows = client.execute(f"SELECT {_COLUMNS} FROM ops.alarm FINAL WHERE NOT cleared ORDER BY raised_at")
    return [Alarm(*row) for row in rows]


def let_through(client: Client, topic: str, partition: int, since: datetime) -> int:
    """Up to which offset persons let dead letters through by clearing alarms, −1 where they did not.

    Only alarms raised from `since` on count: a topic that was deleted and made anew has the offsets of older ones again.
    """
    (row,) = client.execute(
        "SELECT max(toInt64(last_offset)), count() FROM ops.alarm FINAL WHERE kind = 'dead_letters' AND topic = %(topic)s "
        "AND kafka_partition = %(partition)s AND cleared AND raised_at >= %(since)s",
        {"topic": topic, "partition": partition, "since": since},
    )
    return int(row[0]) if row[1] else -1


def clear(client: Client, alarm_id: str, actor: str) -> Alarm:
    """Clear one open alarm and return it. Raises ConfigurationError where none has this id."""
    alarm = next((alarm for alarm in open_alarms(client) if alarm.id == alarm_id), None)
    if alarm is None:
        raise ConfigurationError(f"no open alarm is named {alarm_id}: huanxin alarms list names them")
    row = (alarm.kind, alarm.topic, alarm.partition, alarm.first_offset, alarm.last_offset, alarm.detail, 1, actor)
    client.execute(f"INSERT INTO ops.alarm ({_COLUMNS}, cleared, cleared_by) VALUES", [row])
    return alarm
