"""Who signs in to read, and what each may read: departments and groups as data, each with one ClickHouse user of its own."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from huanxin.errors import ConfigurationError

DEPARTMENTS = Path(__file__).parent / "reference" / "departments.yaml"
VISIBLE = Path(__file__).parent / "access" / "visible.yaml"
EVERYTHING = {"data": ("mart", "ops"), "auditor": ("mart", "ops", "landing", "cases")}
"""Groups that read whole databases."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A department or a group."""

    id: str
    name: str
    is_department: bool
    aliases: tuple[str, ...] = ()

    @property
    def user(self) -> str:
        """Its user in ClickHouse."""
        return f"huanxin_{self.id}"

    @property
    def profile(self) -> str:
        """Its settings profile in users.xml."""
        return "pages" if self.id not in EVERYTHING else "analyst"


def seats() -> list[Seat]:
    """All departments, then the groups, in the order of the file."""
    document = yaml.safe_load(DEPARTMENTS.read_text(encoding="utf-8"))
    found = [Seat(d["id"], d["name"], True, tuple(d.get("aliases", ()))) for d in document["departments"]]
    return found + [Seat(group["id"], group["name"], False) for group in document["groups"]]


def password(key: str, purpose: str, seat: str) -> str:
    """A seat's password, hex; derived from the seats' key, so that one secret stands for all of them.

    `purpose` is `clickhouse` or `superset`. superset/seats.py derives the same. Raises ConfigurationError without a key.
    """
    if not key:
        raise ConfigurationError("HUANXIN_SECRETS__SEATS_KEY is empty: the users of departments and groups have no passwords")
    length = 64 if purpose == "clickhouse" else 16  # people type the other one
    return hmac.new(bytes.fromhex(key), f"{purpose}:{seat}".encode(), hashlib.sha256).hexdigest()[:length]


def grants(seat: Seat) -> list[str]:
    """The GRANT statements of a seat's user: whole databases, or the listed views, some column by column."""
    if seat.id in EVERYTHING:
        return [f"GRANT SELECT ON {database}.*" for database in EVERYTHING[seat.id]]
    found = []
    for view, entry in visible().items():
        columns = "all" if seat.is_department else entry["leader"]
        if columns != "none":
            found.append(f"GRANT SELECT{'' if columns == 'all' else f'({columns})'} ON {view}")
    return found


def policies(seat: Seat) -> dict[str, str]:
    """View → the condition that a department's rows fulfil; groups have none."""
    if not seat.is_department:
        return {}
    words = {"name": _quoted(seat.name), "names": ", ".join(map(_quoted, (seat.name, *seat.aliases)))}
    plain = {"none": "0"}
    entries = {view: str(entry["department"]) for view, entry in visible().items()}
    return {view: plain.get(rule, rule.format(**words)) for view, rule in entries.items() if rule != "all"}


def visible() -> dict[str, dict[str, Any]]:
    """What visible.yaml lists."""
    return dict(yaml.safe_load(VISIBLE.read_text(encoding="utf-8")))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
