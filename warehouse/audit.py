"""The audit trail: every act of a person on the platform's data is a row of ops.audit."""

from collections.abc import Iterable

from clickhouse_driver import Client


def record(client: Client, actor: str, action: str, objects: Iterable[str], detail: str = "", outcome: str = "done") -> None:
    """Note one act on each object. `action` is the object's kind and a verb; `detail` must hold no personal value."""
    rows = [(actor, action, thing, detail, outcome) for thing in objects]
    if rows:
        client.execute("INSERT INTO ops.audit (actor, action, object, detail, outcome) VALUES", rows)
