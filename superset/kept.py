"""Open connections to ClickHouse, kept for the next chart."""

from functools import cache
from typing import Any

from clickhouse_connect import dbapi
from sqlalchemy.pool import QueuePool
from superset.models import core


@cache
def kept(uri: Any) -> QueuePool:
    """The connections of one seat.

    Superset asks for a new one up to three times a chart, and opening one asks the server for its settings. Without a
    session of its own a connection carries nothing from one question to the next.
    """
    known = {"host": uri.host, "port": uri.port, "username": uri.username, "password": uri.password, "database": uri.database}
    return QueuePool(lambda: dbapi.connect(**known, autogenerate_session_id=False), max_overflow=-1)


def keep_engines() -> None:
    """Have Superset keep its engines too: a new one asks the server three questions before its first."""
    make, engines = core.create_engine, {}

    def create_engine(uri: Any, **options: Any) -> Any:
        creator = options.get("creator")
        if creator is None:
            return make(uri, **options)
        key = uri, creator, repr(options.get("connect_args"))
        if key not in engines:
            engines[key] = make(uri, **options)
        return engines[key]

    core.create_engine = create_engine
