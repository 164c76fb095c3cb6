"""The job, as a user of any Python framework would write it for one event type: parse, validate, pseudonymise, insert columns.

The peers share this file, so that they differ only in what carries the messages. It uses the same event class as the platform
(the same rules), the same keyed hash, the official ClickHouse client, and a table with the landing table's key: a batch sent
again lands on the same rows. Settings come from BENCH_… variables.
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import clickhouse_connect
from pydantic import TypeAdapter, ValidationError

from schemas.events.subsidy_paid import SubsidyPaid
from schemas.marks import Kind
from schemas.wire import Message
from warehouse.columns import data_columns

KAFKA, TOPIC, GROUP = (os.environ.get(f"BENCH_{name}", "") for name in ("KAFKA", "TOPIC", "GROUP"))
SCRATCH = os.environ.get("BENCH_SCRATCH", "")
BATCH = int(os.environ.get("BENCH_BATCH", "10000"))
KEY = bytes.fromhex(os.environ.get("BENCH_KEY", "00" * 32))
KEEP = {
    Kind.VIN: (3, 4),
    Kind.PERSON_ID: (3, 4),
    Kind.PHONE: (3, 4),
    Kind.ACCOUNT: (0, 4),
    Kind.NAME: (1, 0),
    Kind.ADDRESS: (3, 0),
}

MESSAGE = TypeAdapter(Message[SubsidyPaid])
PLAIN = [column.name for column in data_columns(SubsidyPaid) if column.kind is None]
PERSONAL = [(column.field, column.kind) for column in data_columns(SubsidyPaid) if column.is_token and column.kind]
ENVELOPE = ["day", "id", "revision", "payload_hash", "source", "department", "occurred_at", "reported_at", "received_at"]
COLUMNS = [
    *ENVELOPE,
    *("schema_version", "kafka_partition", "kafka_offset"),
    *PLAIN,
    *(f"{field}{suffix}" for field, _ in PERSONAL for suffix in ("_token", "_masked")),
]
plain_values = attrgetter(*PLAIN)


def to_row(value: bytes, partition: int, offset: int, timestamp_ms: int) -> tuple[Any, ...] | None:
    """One message's row; None where it is not valid."""
    try:
        message = MESSAGE.validate_json(value)
    except ValidationError:
        return None
    data = message.data
    day, document, revision = message.id.split("-")
    if message.type != "subsidy.paid" or day != f"{data.day:%Y%m%d}":
        return None
    row = [
        data.day,
        bytes.fromhex(document),
        int(revision),
        bytes.fromhex(message.payloadhash),
        message.source,
        message.department,
        message.time,
        message.reportedat,
        datetime.fromtimestamp(timestamp_ms / 1000, UTC),
        message.dataversion,
        partition,
        offset,
        *plain_values(data),
    ]
    for field, kind in PERSONAL:
        personal = getattr(data, field)
        row += (None, None) if personal is None else (token(kind, personal), masked(kind, personal))
    return tuple(row)


def token(kind: Kind, value: str) -> bytes:
    """The keyed pseudonym."""
    text = "".join(value.split()).upper().encode()
    return hashlib.blake2b(text, digest_size=16, key=KEY, person=kind.value.encode()).digest()


def masked(kind: Kind, value: str) -> str:
    """The masked form."""
    head, tail = KEEP[kind]
    return "***" if len(value) <= head + tail else f"{value[:head]}***{value[-tail:] if tail else ''}"


class Table:
    """The table that one peer fills."""

    def __init__(self) -> None:
        self.client = clickhouse_connect.get_client(
            host=os.environ["BENCH_CLICKHOUSE_HOST"],
            port=int(os.environ["BENCH_CLICKHOUSE_PORT"]),
            username="huanxin_admin",
            password=os.environ["BENCH_CLICKHOUSE_PASSWORD"],
            autogenerate_session_id=False,
        )
        self.name = os.environ["BENCH_TABLE"]
        found = self.client.create_insert_context(self.name, COLUMNS)
        self.types = found.column_types  # asked once, not before each insert

    def insert(self, rows: Sequence[tuple[Any, ...] | None]) -> None:
        """One synchronous block; invalid messages, which none here are, would go to a table of dead letters."""
        good = [row for row in rows if row is not None]
        if good:
            self.client.insert(self.name, list(zip(*good, strict=True)), COLUMNS, column_types=self.types, column_oriented=True)
