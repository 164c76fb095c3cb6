"""Provisions a small tree into a metadata database of its own, step after step, and prints what each step left.

Run by test_provisioning.py in Superset's environment: `python provision_steps.py TREE DATABASE`.
"""

import json
import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from provision import bundle, provision
from superset.app import create_app
from tree import BundleError

from superset import db

TABLES = {
    "dashboards": "SELECT id, uuid, changed_on, dashboard_title FROM dashboards WHERE is_managed_externally",
    "charts": "SELECT id, uuid, changed_on, slice_name FROM slices WHERE is_managed_externally",
    "datasets": "SELECT id, uuid, changed_on, table_name FROM tables WHERE is_managed_externally",
    "databases": "SELECT id, uuid, changed_on, sqlalchemy_uri FROM dbs WHERE is_managed_externally",
    "users": "SELECT id, username, changed_on, active FROM ab_user",
    "roles": "SELECT r.id, r.name, count(p.permission_view_id), '' FROM ab_role r "
    "LEFT JOIN ab_permission_view_role p ON p.role_id = r.id GROUP BY r.id",
    "rules": "SELECT id, name, changed_on, clause FROM row_level_security_filters",
}


def main(tree: Path, database: Path) -> None:
    logging.disable(logging.WARNING)
    app = create_app()

    def step(name: str, change: Callable[[], Any] = lambda: None) -> None:
        change()
        error = ""
        with app.app_context():
            try:
                provision(bundle(tree), check=False)
            except BundleError as problem:
                error = str(problem)
            db.session.remove()
        sys.stdout.write(json.dumps({"step": name, "error": error} | state(database)) + "\n")

    def edit(file: str, **changes: Any) -> Callable[[], None]:
        def write() -> None:
            path = tree / file
            path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | changes, allow_unicode=True), "utf-8")

        return write

    def by_hand() -> None:
        with sqlite3.connect(database) as metadata:
            metadata.execute("UPDATE slices SET slice_name = '改动过' WHERE is_managed_externally")

    def lose() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        database.unlink()
        with app.test_client() as client:
            asked = {"/superset/dashboard/overview/": client.get, "/api/v1/chart/1/data/": client.get}
            answers = {path: _status(lambda: get(path)) for path, get in asked.items()}  # noqa: B023  called at once
        sys.stdout.write(json.dumps({"step": "lost", "answers": answers}) + "\n")

    if sys.argv[3:]:
        step("restored")
        return
    second = "charts/second.yaml"
    step("first")
    step("again")
    step("renamed", edit(second, name="新名称"))
    step("changed in Superset", by_hand)
    step("broken YAML", lambda: (tree / second).write_text("uuid: [", "utf-8"))
    step(
        "unknown dataset",
        lambda: (tree / second).write_text(SECOND.replace("like: notes", "like: notes\ndataset: none"), "utf-8"),
    )
    step(
        "broken SQL", lambda: ((tree / second).write_text(SECOND, "utf-8"), edit("datasets/page_notes.yaml", sql="SELECT no")())
    )
    step("mended", edit("datasets/page_notes.yaml", sql=SQL))
    (tree / second).unlink()
    step("deleted", edit("dashboards/overview.yaml", rows=[[{"chart": "notes", "width": 12, "height": 8}]]))
    lose()
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.argv, "restored"])  # noqa: S606  a process of its own, as after a real loss


def _status(call: Callable[[], Any]) -> int | str:
    """The answer's status; 200 only where something is shown."""
    try:
        return int(call().status_code)
    except Exception as error:  # without its metadata Superset may fail in any way
        return type(error).__name__


def state(database: Path) -> dict[str, Any]:
    with sqlite3.connect(database) as metadata:
        found = {name: sorted(map(list, metadata.execute(query)), key=str) for name, query in TABLES.items()}
    return json.loads(json.dumps(found, default=lambda value: value.hex()))


if __name__ == "__main__":
    SQL = yaml.safe_load((Path(sys.argv[1]) / "datasets/page_notes.yaml").read_text("utf-8"))["sql"]
    SECOND = "" if sys.argv[3:] else (Path(sys.argv[1]) / "charts/second.yaml").read_text("utf-8")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
