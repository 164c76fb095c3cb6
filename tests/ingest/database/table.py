"""The exchange table of the tests: synthetic used-car transfers as a department's database would hold them."""

from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from ingest.sources import Source, sources

REGISTRY = Path(__file__).parent / "exchange.yaml"
CREATE = """
CREATE TABLE transfer (
    serial_no text PRIMARY KEY, revision int NOT NULL DEFAULT 1, state text, updated_at timestamptz NOT NULL DEFAULT now(),
    occurred_at timestamptz NOT NULL DEFAULT now(), vin text, transferred_on date, plate text, vehicle_class text, model text,
    first_registered_on date, in_out text, from_division text, to_division text, to_authority text, price numeric(15, 2),
    market text, invoice_state text, mileage int, seller text, buyer text, town text, inner_note text);
ALTER TABLE transfer REPLICA IDENTITY FULL;
"""
_ROW = {
    "vin": "L0Y585631KA000917",
    "plate": "晋EJ3245",
    "vehicle_class": "K",
    "model": "演示牌YS7150轿车",
    "first_registered_on": date(2015, 7, 19),
    "in_out": "本地",
    "from_division": "140522",
    "to_division": "140522",
    "to_authority": "演示车辆管理所(阳城县)",
    "market": "演示阳城第一二手车交易市场",
    "invoice_state": "0",
    "mileage": 35592,
    "seller": "邵兰阳",
    "buyer": "陆阳英",
    "town": "东冶镇",
    "inner_note": "not for others",
}


def source(name: str) -> Source:
    """One of the two registered sources."""
    return sources(REGISTRY)[name]


def insert(connection: psycopg.Connection[Any], serial_no: str, day: date, price: str = "41000.10", **other: Any) -> None:
    """Add one transfer."""
    row = {**_ROW, "serial_no": serial_no, "transferred_on": day, "price": price, "occurred_at": f"{day} 10:00+08", **other}
    marks = ", ".join(f"%({name})s" for name in row)
    connection.execute(f"INSERT INTO transfer ({', '.join(row)}) VALUES ({marks})", row)


def correct(connection: psycopg.Connection[Any], serial_no: str, price: str) -> None:
    """Change a transfer's price, as the source's next revision."""
    connection.execute(
        "UPDATE transfer SET price = %s, revision = revision + 1, state = NULL, updated_at = now() WHERE serial_no = %s",
        (price, serial_no),
    )
