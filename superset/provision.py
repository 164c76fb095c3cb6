"""Brings Superset to the tree: metadata, sign-ins, assets. Run it in Superset's environment, as often as you like.

    python superset/provision.py [--verify]

Its folder is on the path as for any script, so that Superset finds superset_config there; Superset itself is the installed one.
Reads the environment as superset_config.py does, and HUANXIN_SUPERSET_ADMIN_PASSWORD and HUANXIN_SUPERSET_LEADER_PASSWORD.
Nothing is changed unless the whole tree can be used. What left the tree leaves Superset; what others made there stays.
"""

import argparse
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

from bundle import render
from tree import ASSETS, BundleError, read_tree


def main() -> int:
    """Provision; the exit status is 1 where the tree cannot be used or a chart has nothing to show."""
    parser = argparse.ArgumentParser(description="Provision Superset from superset/assets.")
    parser.add_argument(
        "--verify", action="store_true", help="run every chart's queries and fail where one has nothing to show"
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        contents = render(read_tree(), os.environ, (ASSETS / "page.css").read_text(encoding="utf-8"))
    except BundleError as error:
        complain(error)
        return 1
    logging.disable(logging.WARNING)  # Superset tells of every permission it makes
    from superset.app import create_app

    with create_app().app_context():
        status = provision(contents, arguments.verify)
    say(f"done in {time.monotonic() - started:.0f} s")
    return status


def provision(contents: dict[str, str], check: bool) -> int:
    """Within an application context: migrate, make sign-ins, import, remove, and check if asked."""
    from access import ensure_admin, ensure_seats
    from superset.commands.exceptions import CommandException, CommandInvalidError
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    from superset import security_manager

    say("metadata: " + ("migrated" if migrate_metadata() else "up to date"))
    ensure_admin()
    with override_user(security_manager.find_user("admin")):
        try:
            command = ImportAssetsCommand(contents)
            command.validate()  # run() validates too, and hides the reasons
            command.run()
        except CommandInvalidError as error:
            complain(f"not imported, nothing was changed: {error.normalized_messages()}")
            return 1
        except CommandException as error:
            complain(f"not imported, rolled back: {error}: {error.__cause__ or error.__context__}")
            return 1
        removed = remove_orphans(contents)
    ensure_seats(uuids(contents, "datasets"))
    kinds = ("databases", "datasets", "charts", "dashboards")
    say("imported: " + ", ".join(f"{len(uuids(contents, kind))} {kind}" for kind in kinds))
    say(f"removed: {', '.join(removed) or 'nothing'}")
    return verify(contents) if check else 0


def say(line: str) -> None:
    """One line of what was done."""
    sys.stdout.write(line + "\n")


def complain(line: object) -> None:
    """One line of what went wrong."""
    sys.stderr.write(f"{line}\n")


def migrate_metadata() -> bool:
    """Bring the metadata database to Superset's newest revision; False where it is there already."""
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade

    import superset
    from superset import appbuilder, db, security_manager

    folder = str(Path(superset.__file__).parent / "migrations")
    config = Config()
    config.set_main_option("script_location", folder)
    with db.engine.connect() as connection:
        heads = set(MigrationContext.configure(connection).get_current_heads())
    if heads == set(ScriptDirectory.from_config(config).get_heads()) and security_manager.find_role("Gamma"):
        return False
    upgrade(directory=folder)
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    db.session.commit()
    return True


def uuids(contents: dict[str, str], kind: str) -> set[str]:
    """The uuids of one kind of asset in the bundle."""
    import yaml

    return {yaml.safe_load(text)["uuid"] for file, text in contents.items() if file.startswith(f"{kind}/")}


def remove_orphans(contents: dict[str, str]) -> list[str]:
    """Delete what an earlier bundle brought and this one no longer has; dashboards first, databases last."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    from superset import db

    models: dict[str, Any] = {"dashboards": Dashboard, "charts": Slice, "datasets": SqlaTable, "databases": Database}
    removed = []
    for kind, model in models.items():
        kept = uuids(contents, kind)
        for item in db.session.query(model).filter(model.is_managed_externally):
            if str(item.uuid) not in kept:
                removed.append(f"{kind.removesuffix('s')} {item}")
                db.session.delete(item)
        db.session.flush()
    db.session.commit()
    return removed


def verify(contents: dict[str, str]) -> int:
    """Run every chart; print what cannot be shown and return 1, or how many were fine."""
    from verify import failures

    found = list(failures(contents))
    for line in found:
        complain(line)
    charts = len(uuids(contents, "charts"))
    say(f"verified: {charts - len(found)} of {charts} charts have data")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
