"""Brings Superset to the tree: metadata, accounts, roles, assets. Run it in Superset's environment, as often as you like.

    python superset/provision.py [--verify]

Its folder is on the path as for any script, so that Superset finds superset_config there; Superset itself is the installed one.
Reads the environment as superset_config.py does, and HUANXIN_SUPERSET_ADMIN_PASSWORD and HUANXIN_SUPERSET_LEADER_PASSWORD.

The whole tree is checked before anything is written, and all of it is written in one transaction, which is given up where a
chart's query fails: the old pages then stand. What left the tree leaves Superset; what others made there stays. A second run
changes nothing.
"""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from bundle import render
from tree import ASSETS, BundleError, read_tree


def main() -> int:
    """Provision; the exit status is 1 where the tree cannot be used or, with --verify, a chart has nothing to show."""
    parser = argparse.ArgumentParser(description="Provision Superset from superset/assets.")
    parser.add_argument(
        "--verify",
        action="store_true",
        help="run the queries of unchanged charts too; fail where one has nothing to show",
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    logging.disable(logging.WARNING)  # Superset tells of every permission it makes
    try:
        contents = bundle(ASSETS)
        from superset.app import create_app

        app = create_app()
        with app.app_context():
            provision(contents, arguments.verify)
        app.extensions["huanxin_ready"].forget()
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say(f"done in {time.monotonic() - started:.0f} s")
    return 0


def bundle(root: Path) -> dict[str, str]:
    """The tree under a folder as Superset's importer takes it. Raises BundleError, naming the file, where it cannot be used."""
    return render(read_tree(root), os.environ, (ASSETS / "page.css").read_text(encoding="utf-8"))


def provision(contents: dict[str, str], check: bool) -> None:
    """Within an application context, all in one transaction. Raises BundleError and changes nothing where it cannot be done."""
    from access import ensure_admin, ensure_seats
    from metadata import MODELS, holds, migrate, one_transaction, remember, remove_orphans, uuids
    from verify import verify

    say("metadata: " + ("migrated" if migrate() else "up to date"))
    with one_transaction():
        ensure_admin()
        same = holds(contents)
        if not same:
            load(contents)
            say(f"removed: {', '.join(remove_orphans(contents)) or 'nothing'}")
        ensure_seats(set(uuids(contents, "datasets")))
        if check or not same:
            say(verify(contents, check))
        if not same:
            remember(contents)
    counts = ", ".join(f"{len(uuids(contents, kind))} {kind}" for kind in reversed(MODELS))
    say(f"{'unchanged' if same else 'imported'}: {counts}")


def load(contents: dict[str, str]) -> None:
    """Superset's own import of databases, datasets, charts and dashboards, overwriting what it has of the same uuids."""
    from superset.commands.exceptions import CommandException, CommandInvalidError
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    from superset import security_manager

    with override_user(security_manager.find_user("admin")):
        try:
            command = ImportAssetsCommand(contents)
            command.validate()  # run() validates too, and hides the reasons
            command.run()
        except CommandInvalidError as error:
            raise BundleError("", f"not imported, nothing was changed: {error.normalized_messages()}") from error
        except CommandException as error:
            raise BundleError("", f"not imported, rolled back: {error}: {error.__cause__ or error.__context__}") from error


def say(line: str) -> None:
    """One line of what was done."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
