"""Who runs: each contender's way to start and to stop, all from the same topic's beginning into a table of its own."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.ground import DATABASE, LANDING, TOPIC, worker_command
from benchmarks.peers.kafka_engine import statements
from huanxin.errors import ConfigurationError
from huanxin.settings import CHECKOUT, Settings
from warehouse.client import connection

PEERS = CHECKOUT / ".venv-bench"
OURS, ENGINE, FAUST, QUIX = "huanxin, same job", "clickhouse kafka engine", "faust take", "quix streams"
"""Ours lands into the typed table and its ledger, as the peers land into theirs; nothing is derived from it."""
PLATFORM = "huanxin, whole platform"
"""The same worker with all that follows from an event: marts recomputed, copies for the cases, supervision of each document."""
WORKERS = {
    OURS: {"HUANXIN_SUPERVISE": "false", "HUANXIN_AGGREGATE": "false"},
    PLATFORM: {},
}
CASES = ("cases.payout_link", "cases.payout_row")
"""The views that copy a payment for the cases."""
_PYTHON = {
    FAUST: ["-m", "benchmarks.peers.faust_take"],
    QUIX: ["-m", "benchmarks.peers.quix"],
    "bytewax": ["-m", "bytewax.run", "benchmarks.peers.bytewax_flow:flow", "-s", "1", "-b", "0"],
    "confluent-kafka loop": ["-m", "benchmarks.peers.confluent_loop"],
}
NAMES = (OURS, PLATFORM, ENGINE, *_PYTHON)
NOT_THE_WHOLE_JOB = {ENGINE: "it makes no pseudonyms that join with the platform's and drops what it refuses without a word"}
"""Measured beside the others, and no peer of the goals."""


@dataclass(frozen=True, slots=True)
class Running:
    """A started contender: the table it fills, and its processes (none of its own for the Kafka engine)."""

    table: str
    processes: tuple[subprocess.Popen[bytes], ...]
    log: Path

    def cpu_seconds(self) -> float:
        """User and system time of its processes so far."""
        total = 0.0
        for process in self.processes:
            for each in (found := psutil.Process(process.pid), *found.children(recursive=True)):
                total += sum(each.cpu_times()[:2])
        return total

    def check(self) -> None:
        """Raise RuntimeError where a process has ended by itself."""
        if any(process.poll() is not None for process in self.processes):
            raise RuntimeError(f"a contender ended by itself:\n{self.log.read_text(errors='replace')[-2000:]}")


def require_peers() -> None:
    """Raise ConfigurationError, saying what to do, where the peers are not installed."""
    if not (PEERS / ".installed").exists():
        raise ConfigurationError("the peers are not installed; install them into .venv-bench with: make install-bench")


def table_of(name: str) -> str:
    """The table that a contender fills."""
    return LANDING if name in WORKERS else f"{DATABASE}.{name.replace(' ', '_').replace('-', '_')}"


@contextmanager
def running(name: str, chosen: Settings, batch: int, workers: int = 1) -> Iterator[Running]:
    """The contender, from its start to its end."""
    target, group = table_of(name), f"bench-{uuid.uuid4().hex[:12]}"
    if name == ENGINE:
        with _engine(chosen, target, group, batch):
            yield Running(target, (), Path(os.devnull))
        return
    with without_cases(chosen) if name == OURS else nullcontext():
        yield from _processes(name, chosen, batch, workers, target, group)


def _processes(name: str, chosen: Settings, batch: int, workers: int, target: str, group: str) -> Iterator[Running]:
    log, scratch = chosen.home / "logs" / f"{group}.log", chosen.home / "scratch" / group
    scratch.mkdir(parents=True)
    environment = {**_environment(chosen, target, group, batch), "BENCH_SCRATCH": str(scratch), **WORKERS.get(name, {})}
    if name in WORKERS:
        commands = [worker_command(index) for index in range(workers)]
    else:
        python = str(PEERS / "bin" / "python")
        commands = [[python, *_PYTHON[name], *(_recovery(scratch) if name == "bytewax" else [])]]
    with log.open("wb") as output:
        started = tuple(
            subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=output) for command in commands
        )
    try:
        yield Running(target, started, log)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def without_cases(chosen: Settings) -> Iterator[None]:
    """The landing table without its copies."""
    with connection(chosen, "admin") as client:
        for view in CASES:
            client.execute(f"DETACH TABLE {view} SYNC")
    try:
        yield
    finally:
        with connection(chosen, "admin") as client:
            for view in CASES:
                client.execute(f"ATTACH TABLE {view}")


def _recovery(folder: Path) -> list[str]:
    subprocess.run([str(PEERS / "bin" / "python"), "-m", "bytewax.recovery", str(folder), "1"], check=True, capture_output=True)
    return ["-r", str(folder)]


def _environment(chosen: Settings, target: str, group: str, batch: int) -> Mapping[str, str]:
    return {
        **os.environ,
        "HUANXIN_HOME": str(chosen.home),
        "HUANXIN_STACK": str(chosen.home),
        "PYTHONPATH": str(CHECKOUT),
        "BENCH_KAFKA": chosen.kafka_bootstrap,
        "BENCH_TOPIC": TOPIC,
        "BENCH_GROUP": group,
        "BENCH_TABLE": target,
        "BENCH_BATCH": str(batch),
        "BENCH_KEY": chosen.secrets.pseudonym_key,
        "BENCH_CLICKHOUSE_HOST": chosen.clickhouse_host,
        "BENCH_CLICKHOUSE_PORT": str(chosen.clickhouse_http_port),
        "BENCH_CLICKHOUSE_PASSWORD": chosen.secrets.clickhouse_admin,
    }


@contextmanager
def _engine(chosen: Settings, target: str, group: str, batch: int) -> Iterator[None]:
    key = bytes.fromhex(chosen.secrets.pseudonym_key)
    with connection(chosen, "admin") as client:
        for statement in statements(chosen.kafka_bootstrap, TOPIC, group, target, batch, key):
            client.execute(statement)
    try:
        yield
    finally:
        with connection(chosen, "admin") as client:
            client.execute(f"DROP VIEW IF EXISTS {target}_view SYNC")
            client.execute(f"DROP TABLE IF EXISTS {target}_queue SYNC")
