"""Open connections to ClickHouse, kept for the next chart."""

from functools import cache
from typing import Any

from clickhouse_connect import dbapi
from sqlalchemy.pool import QueuePool


@cache
def kept(uri: Any) -> QueuePool:
    """The connections of one seat.

    Superset asks for a new one up to three times a chart, and opening one asks the server for its settings. Without a
    session of its own a connection carries nothing from one question to the next.
    """
    known = {"host": uri.host, "port": uri.port, "username": uri.username, "password": uri.password, "database": uri.database}
    return QueuePool(lambda: dbapi.connect(**known, autogenerate_session_id=False), max_overflow=-1)
