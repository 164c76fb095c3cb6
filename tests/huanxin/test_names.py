"""Our top-level names collide with nobody's, and Superset's is not shadowed."""

import subprocess
import sys
from importlib.metadata import packages_distributions

from huanxin.settings import CHECKOUT

OURS = ("huanxin", "ingest", "streams", "schemas", "warehouse", "expectations", "console")


def test_no_installed_dependency_ships_one_of_our_names() -> None:
    shipped = packages_distributions()
    assert {name: shipped.get(name, ["huanxin"]) for name in OURS if set(shipped.get(name, ["huanxin"])) != {"huanxin"}} == {}


def test_superset_has_no_init() -> None:
    assert not (CHECKOUT / "superset" / "__init__.py").exists()


def test_the_command_lists_its_verbs() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "huanxin", "--help"], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    for verb in ("up", "down", "status", "demo", "simulate", "ingest", "check"):
        assert verb in shown.stdout
