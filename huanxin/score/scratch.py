"""A warehouse of its own for scoring: a ClickHouse server in a temporary folder, with the tree's schema and nothing in it."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huanxin.errors import StackError
from huanxin.prepare import prepare_warehouse
from huanxin.settings import Settings
from huanxin.stack import choices, clickhouse
from huanxin.stack.health import clickhouse_answers
from huanxin.stack.runtime import Progress, ensure_runtime
from ingest.sources import sources

_SECONDS = 120


@contextmanager
def scratch_warehouse(settings: Settings, say: Progress) -> Iterator[Settings]:
    """Settings of a fresh warehouse, which is gone at the end. Raises StackError where the server does not start."""
    ensure_runtime(settings, say)
    with tempfile.TemporaryDirectory(prefix="huanxin-score-") as folder:
        chosen = choices.choose(Settings(home=Path(folder)), list(sources()))
        clickhouse.prepare(chosen)
        log = Path(folder) / "clickhouse.log"
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603  our own command
                clickhouse.command(chosen), env=_environment(chosen), cwd=folder, stdout=output, stderr=output
            )
        try:
            _wait(server, chosen, log)
            prepare_warehouse(chosen)
            yield chosen
        finally:
            server.kill()  # nothing of it is kept
            server.wait()


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, **clickhouse.environment(settings)}


def _wait(server: "subprocess.Popen[bytes]", settings: Settings, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while not clickhouse_answers(settings):
        if server.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            raise StackError(f"the scoring server did not start; its output ends with:\n{tail}")
        time.sleep(0.2)
