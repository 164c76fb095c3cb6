"""The sources' last heartbeats."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from clickhouse_driver import Client


class Beat(NamedTuple):
    """When a source's way in was last seen to work; the time is the broker's."""

    source: str
    surface: str
    received_at: datetime


def insert_heartbeats(client: Client, beats: Sequence[Beat]) -> None:
    """Keep them; the newest of a source and way counts."""
    client.execute("INSERT INTO ops.heartbeat (source, surface, received_at) VALUES", beats)
