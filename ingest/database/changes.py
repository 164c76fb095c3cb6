"""A change that Debezium captured, as events: insert is registered, update corrected, delete voided.

https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events (the value without its schema).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from huanxin.errors import RejectedError
from ingest.accept import owned
from ingest.database.exchange import Captured
from ingest.files.documents import Documents
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.envelope import MAX_REVISION, Envelope

Event = Envelope | RejectedError
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}Z")
_STATUS = {"c": "registered", "r": "registered", "u": "corrected"}


class Changes:
    """Turns the captured changes of one registered table into envelopes."""

    def __init__(self, source: Source, table: Captured) -> None:
        self.source = source
        self._table = table
        self._documents = Documents(source)
        self._revision = next(column for column, target in source.columns.items() if target == "@revision")
        self._status = next((column for column, target in source.columns.items() if target == "status"), None)

    def events(self, value: bytes | None) -> list[Event]:
        """The events of one change, none for a tombstone or a truncation. A moved key voids the old document first."""
        change = json.loads(value) if value else {}
        operation: str = change.get("op", "")
        before: dict[str, Any] = change.get("before") or {}
        after: dict[str, Any] = change.get("after") or {}
        if operation in _STATUS and after:
            moved = operation == "u" and before and self._key_of(before) != self._key_of(after)
            return [
                *([self._voided(before)] if moved else []),
                self._event(after, "registered" if moved else _STATUS[operation]),
            ]
        return [self._voided(before)] if operation == "d" and before else []

    def row_key(self, value: bytes | None) -> str:
        """The primary key of the changed row, for naming it where it is refused."""
        change = json.loads(value) if value else {}
        row = change.get("after") or change.get("before") or {}
        return "/".join(str(row.get(name)) for name in self._table.key)

    def _event(self, row: Mapping[str, Any], status: str) -> Event:
        event = self._documents.event([self._named(row)])
        if isinstance(event, RejectedError):
            return event
        if self._status is None or not row.get(self._status):
            event = event.model_copy(update={"data": {**event.data, "status": status}})
        return owned(event, self.source)

    def _voided(self, row: Mapping[str, Any]) -> Event:
        """The row's document, taken back with the revision after its last one."""
        event = self._event(row, "voided")
        if isinstance(event, RejectedError):
            return event
        revision = min(int(row.get(self._revision) or 1) + 1, MAX_REVISION)
        return event.model_copy(update={"revision": revision, "data": {**event.data, "status": "voided"}})

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The registered columns that hold something; Debezium writes a date as 2024-04-25Z."""
        found = {name: row.get(name) for name in self.source.columns}
        return {n: v[:10] if isinstance(v, str) and _DATE.fullmatch(v) else v for n, v in found.items() if v is not None}

    def _key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        event = self._documents.event([self._named(row)])
        if isinstance(event, RejectedError):
            return ()
        return tuple(event.data.get(name) for name in event_types()[event.type].key)
