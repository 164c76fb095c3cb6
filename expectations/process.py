"""Runs a script in quality's own environment: JSON in, JSON out, nothing left behind."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from huanxin.errors import StackError
from huanxin.settings import Settings

SCRIPT = Path(__file__).parent / "checkpoint.py"
TIMEOUT_SECONDS = 1800


def run_checkpoint(settings: Settings, order: dict[str, Any]) -> dict[str, Any]:
    """The checkpoint's answer to `order` (both shapes: `checkpoint.py`). Raises what `run_script` raises."""
    return run_script(settings, SCRIPT, order)


def run_script(settings: Settings, script: Path, order: dict[str, Any]) -> dict[str, Any]:
    """A script's answer to `order`.

    Raises StackError where quality's environment is missing, or the script fails, hangs or does not answer in JSON.
    """
    name = script.stem
    python = settings.quality_venv / "bin" / "python"
    if not python.exists():
        raise StackError(f"quality's environment is not installed in {settings.quality_venv}: run make install-quality")
    command = [str(python), "-I", "-X", "utf8", str(script)]  # -I: neither this folder nor the user's packages are importable
    with tempfile.TemporaryDirectory(prefix="huanxin-check-") as scratch:
        environment = {"PATH": "/usr/bin:/bin", "HOME": scratch, "LANG": "C.UTF-8", "GX_ANALYTICS_ENABLED": "false"}
        try:
            done = subprocess.run(  # noqa: S603  our own script
                command,
                input=json.dumps(order, ensure_ascii=False, default=str),
                encoding="utf-8",
                capture_output=True,
                check=False,
                cwd=scratch,
                env=environment,
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise StackError(f"the {name} did not end within {TIMEOUT_SECONDS} s and was stopped") from error
        except OSError as error:
            raise StackError(f"{python} cannot be run ({error}): run make install-quality") from error
    if done.returncode:
        raise StackError(f"the {name} ended with {done.returncode}: {_last_line(done.stderr, order)}")
    try:
        return dict(json.loads(done.stdout))
    except (ValueError, TypeError) as error:
        raise StackError(f"the {name}'s answer is not a JSON object: {_last_line(done.stdout, order)}") from error


def _last_line(text: str, order: dict[str, Any]) -> str:
    """Without the password, should a library have put its connection string into a message."""
    line = (text.strip().splitlines() or ["it said nothing"])[-1]
    password = str(order.get("connection", {}).get("password", ""))
    return line.replace(password, "***") if password else line
