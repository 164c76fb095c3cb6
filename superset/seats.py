"""Who signs in: departments and groups as data, the role of each, and the ClickHouse user whose eyes it reads with.

What a seat's ClickHouse user may read is decided there (warehouse/access), beneath Superset: whatever a chart, a filter, an
export or SQL Lab asks, the answer holds the seat's own rows.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DEPARTMENTS = Path(__file__).resolve().parent.parent / "warehouse" / "reference" / "departments.yaml"
ADMIN_READS_AS = "data"
"""Superset's administrator looks after pages: the data team's eyes are enough."""


@dataclass(frozen=True)
class Seat:
    """A department or a group; `id` is also its user name in Superset."""

    id: str
    name: str
    is_department: bool
    names: tuple[str, ...]

    @property
    def role(self) -> str:
        """Its role in Superset."""
        return f"部门·{self.name}" if self.is_department else self.name


def seats() -> list[Seat]:
    """All departments, then the groups."""
    document = yaml.safe_load(DEPARTMENTS.read_text(encoding="utf-8"))
    found = [Seat(d["id"], d["name"], True, (d["name"], *d.get("aliases", ()))) for d in document["departments"]]
    return found + [Seat(group["id"], group["name"], False, (group["name"],)) for group in document["groups"]]


def password(purpose: str, seat: str) -> str:
    """A seat's password in `clickhouse` or in `superset`: as warehouse/seats.py derives it, which a test compares."""
    digest = hmac.new(bytes.fromhex(os.environ["HUANXIN_SEATS_KEY"]), f"{purpose}:{seat}".encode(), hashlib.sha256)
    return digest.hexdigest()[: 64 if purpose == "clickhouse" else 16]


LOOK_AFTER = {"Admin", *(seat.role for seat in seats() if seat.id == "data")}
"""The roles that see more of Superset than pages."""
AUDITED = {seat.role for seat in seats() if seat.id == "auditor"}
"""The roles that read rows: each of their questions is put to ClickHouse, whose log of them is kept (ops.auditor_query)."""
BY_ROLE = {seat.role: seat.id for seat in seats()} | {"Admin": ADMIN_READS_AS}


def connect_as(uri: Any, params: dict[str, Any], username: str | None, security_manager: Any, source: Any) -> Any:
    """DB_CONNECTION_MUTATOR: the connection of whoever asks.

    The stored address names a user that ClickHouse does not have: without exactly one seat nothing is read.
    """
    from kept import kept  # only within Superset's own environment
    from once import once_per_request

    found = once_per_request(_eyes)(security_manager, username)
    if len(found) == 1:
        (seat,) = found
        uri = uri.set(username=f"huanxin_{seat}", password=password("clickhouse", seat))
        params = params | {"creator": kept(uri).connect}
    return uri, params


def _eyes(security_manager: Any, username: str | None) -> set[str]:
    """The seats that an account's roles give it; none where it may not sign in any more."""
    user = security_manager.find_user(username=username) if username else None
    return {BY_ROLE[role.name] for role in (user.roles if user and user.is_active else ()) if role.name in BY_ROLE}


def signed(sql: str, **_: Any) -> str:
    """SQL_QUERY_MUTATOR: who is signed in stands before each query, so that ClickHouse's log of queries tells persons apart.

    What is asked in a person's name to be ready for them (ready.py) says so.
    """
    from flask import g

    user = getattr(g, "user", None)
    name = getattr(user, "username", "") or "nobody"
    ready = " ready" if g.get("huanxin_renewing") else ""
    return f"/* {''.join(c for c in name if c.isalnum() or c in '._-@')}{ready} */ {sql}"
