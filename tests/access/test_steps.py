"""What spares Superset work, tried in its environment: each file of steps says when all of it held."""

import os
import subprocess
from pathlib import Path

import pytest

from huanxin.settings import Settings
from huanxin.stack.superset import SUPERSET

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(("steps", "said"), [("remembered", "as read anew\n"), ("ready", "kept as it should be\n")])
def test_in_supersets_environment(steps: str, said: str) -> None:
    done = subprocess.run(
        [Settings().superset_venv / "bin" / "python", Path(__file__).with_name(f"{steps}_steps.py")],
        env={**os.environ, "PYTHONPATH": str(SUPERSET)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout == said, done.stderr[-2000:]
