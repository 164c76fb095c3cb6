"""Connections to ClickHouse over the native protocol, one user for each part of the platform."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from clickhouse_driver import Client
from clickhouse_driver.errors import Error, NetworkError

from huanxin.settings import Settings

User = Literal["admin", "worker", "reader", "quality"]

CLICKHOUSE_ERRORS = (Error, NetworkError, EOFError, OSError)
"""What a call may raise when ClickHouse does not answer or refuses; all of them are faults of ours, never of the data."""


@contextmanager
def connection(settings: Settings, user: User) -> Iterator[Client]:
    """A client for a few calls, disconnected at the end."""
    client = connect(settings, user)
    try:
        yield client
    finally:
        client.disconnect()


def connect(settings: Settings, user: User, **options: Any) -> Client:
    """A client as one of the platform's users. It connects at the first call and again after a loss; not thread-safe."""
    return Client(
        host=settings.clickhouse_host,
        port=settings.clickhouse_native_port,
        user=f"huanxin_{user}",
        password=getattr(settings.secrets, f"clickhouse_{user}"),
        connect_timeout=5,
        send_receive_timeout=60,
        settings={"async_insert": 0} if user in ("admin", "worker") else None,
        **options,
    )
