"""Statements that Superset remembers change nobody else's: a limit or a row rule of one request must not reach the next."""

import os
import subprocess
from pathlib import Path

import pytest

from huanxin.settings import Settings
from huanxin.stack.superset import SUPERSET

pytestmark = pytest.mark.stack


def test_a_remembered_statement_is_as_one_read_anew() -> None:
    python = Settings().superset_venv / "bin" / "python"
    steps = Path(__file__).with_name("remembered_steps.py")
    done = subprocess.run(
        [python, steps],
        env={**os.environ, "PYTHONPATH": str(SUPERSET)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout == "as read anew\n", done.stderr[-2000:]
