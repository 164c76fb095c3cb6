"""Writes ClickHouse's users file: warehouse/access/users.xml with one user for each department and group added.

The file is made at start, by the local stack and by the compose file's `access` alike, because the added users' passwords
follow from one key. It holds their SHA-256 and no password.
"""

import hashlib
import os
import xml.etree.ElementTree as ET
from pathlib import Path

from warehouse.seats import Seat, grants, password, policies, seats

BASE = Path(__file__).parent / "access" / "users.xml"


def render(key: str) -> str:
    """The whole file as XML. Raises ConfigurationError without a key."""
    root = ET.parse(BASE).getroot()  # noqa: S314  our own file
    added = [_user(seat, password(key, "clickhouse", seat.id)) for seat in seats()]
    for users in root.iter("users"):
        users.extend(added)
    ET.indent(root, "    ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def write(path: Path, key: str) -> None:
    """Put the file in its place at once, whole.

    It may be read by all: in compose another account's process reads it, and a hash of 256 random bits is no secret.
    """
    new = path.with_suffix(".new")
    new.write_text(render(key), encoding="utf-8")
    os.chmod(new, 0o644)
    new.replace(path)


def _user(seat: Seat, secret: str) -> ET.Element:
    user = ET.Element(seat.user)
    ET.SubElement(user, "password_sha256_hex").text = hashlib.sha256(secret.encode()).hexdigest()
    ET.SubElement(ET.SubElement(user, "networks"), "ip").text = "::/0"
    ET.SubElement(user, "profile").text = seat.profile
    ET.SubElement(user, "quota").text = "default"
    granted = ET.SubElement(user, "grants")
    for grant in grants(seat):
        ET.SubElement(granted, "query").text = grant
    databases = ET.SubElement(user, "databases")
    for view, condition in policies(seat).items():
        database, _, table = view.partition(".")
        folder = databases.find(database)
        if folder is None:
            folder = ET.SubElement(databases, database)
        ET.SubElement(ET.SubElement(folder, table), "filter").text = condition
    return user
