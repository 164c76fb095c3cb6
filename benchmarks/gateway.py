"""The gateway's speed beside a handler of the same framework that does no work. Needs `wrk` (a package of Debian and Homebrew).

`python -m benchmarks.gateway` starts Kafka and gateway alone, and a minimal handler under the same server with the
same settings; it posts synthetic events, all new, to both in turn, round by round, and prints medians of rates, latency and
processor time for a request, which tells what a request costs where other programs share the machine.
`--flat 5` sends five million events instead, and prints the gateway's memory after each million.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
import psutil

from benchmarks.latency import TYPE, weighing
from benchmarks.small_stack import small_stack
from huanxin.errors import StackError
from huanxin.settings import Settings
from huanxin.stack.supervision import Supervisor
from ingest.gateway.body import BATCH, SINGLE
from schemas.catalogue import example

MARK = "@@"
DAY = date(2015, 3, 2)


@dataclass(frozen=True)
class Load:
    """One kind of load: events of a request, connections, media type."""

    name: str
    events: int
    connections: int

    @property
    def media(self) -> str:
        """The content type of its requests."""
        return SINGLE if self.events == 1 else BATCH

    def body(self) -> str:
        """A request's body, with a mark where each ticket's number stands."""
        documents = [weighing(DAY, f"{number}-{MARK}") for number in range(self.events)]
        return json.dumps(documents if self.events > 1 else documents[0], ensure_ascii=False)


LOADS = (Load("single", 1, 256), Load("batch", 1000, 8))
"""So many connections that the processors are busy all the time: with fewer, waiting for Kafka would be measured."""


@dataclass(frozen=True)
class Measured:
    """One run of wrk."""

    requests_a_second: float
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int
    cpu_us: float = 0.0
    """Processor time of the server's processes for one request."""
    kafka_us: float = 0.0
    """That of the broker, for one request."""


def attack(url: str, key: str, load: Load, seconds: int, run: str) -> Measured:
    """Post for so many seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as segments:
        segments.write("\n".join(load.body().split(MARK)) + "\n")
        segments.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{load.connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
            "-s",
            "benchmarks/gateway.lua",
            url,
        ]
        arguments = ["--", segments.name, run, f"Bearer {key}", load.media]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True, timeout=seconds + 60)
    values = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    requests, micros, refused, broken, p50, p99, _ = map(float, values)
    return Measured(requests / micros * 1e6, p50 / 1000, p99 / 1000, int(refused), int(broken))


def measured(url: str, key: str, load: Load, seconds: int, server: int, broker: int) -> Measured:
    """`attack`, and what it cost the two processes and their children."""
    before = spent(server), spent(broker)
    found = attack(url, key, load, seconds, f"{time.time_ns():x}")
    requests = found.requests_a_second * seconds
    cost = [(after - since) / requests * 1e6 for after, since in zip((spent(server), spent(broker)), before, strict=True)]
    return replace(found, cpu_us=cost[0], kafka_us=cost[1])


def spent(pid: int) -> float:
    """Processor seconds of a process and its children, system time included."""
    parent = psutil.Process(pid)
    times = [process.cpu_times() for process in [parent, *parent.children(recursive=True)]]
    return float(sum(time.user + time.system for time in times))


@contextmanager
def minimal(settings: Settings, processes: int) -> Iterator[tuple[str, int]]:
    """The same framework and server, reading each body and answering it without a look; its address and process."""
    port = settings.superset_port  # free, because the small stack has no Superset
    command = [sys.executable, "-m", "uvicorn", "benchmarks.minimal:app", "--port", str(port), "--workers", str(processes)]
    server = subprocess.Popen([*command, "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"])
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while not _answers(f"{url}/healthz"):
            if time.monotonic() > deadline:
                raise StackError("the minimal handler did not start")
            time.sleep(0.1)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(30)


def compare(settings: Settings, supervisor: Supervisor, processes: int, rounds: int, seconds: int) -> None:
    """Both in turn, round by round; prints medians."""
    url, key = f"http://127.0.0.1:{settings.gateway_port}", settings.secrets.source_keys[example(TYPE)["source"]]
    gateway, broker = (int(supervisor.states()[name]["pid"]) for name in ("gateway", "kafka"))
    with minimal(settings, processes) as (other, other_pid):
        for load in LOADS:
            ours: list[Measured] = []
            theirs: list[Measured] = []
            for number in range(-1, rounds):  # the first warms both up and is not counted
                for found, address, pid in ((ours, url, gateway), (theirs, other, other_pid)):
                    run = measured(address, key, load, seconds if number >= 0 else 2, pid, broker)
                    if number >= 0:
                        found.append(run)
            _print(load, "gateway", ours)
            _print(load, "minimal", theirs)
            ratio = statistics.median(m.requests_a_second for m in ours) / statistics.median(
                m.requests_a_second for m in theirs
            )
            print(f"{load.name:7} ratio {ratio:.2f}", flush=True)


def _print(load: Load, name: str, runs: list[Measured]) -> None:
    def median(field: str) -> float:
        return statistics.median(getattr(run, field) for run in runs)

    rate = median("requests_a_second")
    print(
        f"{load.name:7} {name:8} {rate * load.events:9,.0f} events/s {rate:8,.0f} requests/s "
        f"p50 {median('p50_ms'):6.1f} ms p99 {median('p99_ms'):6.1f} ms "
        f"cpu {median('cpu_us'):6.0f} us + Kafka {median('kafka_us'):5.0f} us refused {sum(r.refused for r in runs)} "
        f"broken {sum(r.broken for r in runs)}",
        flush=True,
    )


def flat(settings: Settings, supervisor: Supervisor, millions: int) -> None:
    """Send so many million events; prints the memory of all gateway processes after each."""
    url, key = f"http://127.0.0.1:{settings.gateway_port}", settings.secrets.source_keys[example(TYPE)["source"]]
    sent, printed, started = 0.0, 0, time.monotonic()
    while printed < millions:
        found = attack(url, key, LOADS[1], 10, f"{time.time_ns():x}")
        sent += found.requests_a_second * 10 * LOADS[1].events
        if sent >= (printed + 1) * 1e6:
            printed = int(sent // 1e6)
            print(
                f"{sent / 1e6:5.2f} million events after {time.monotonic() - started:4.0f} s: {_memory(supervisor):4.0f} MB",
                flush=True,
            )


def _memory(supervisor: Supervisor) -> float:
    parent = psutil.Process(supervisor.states()["gateway"]["pid"])
    return sum(process.memory_info().rss for process in [parent, *parent.children(recursive=True)]) / 1e6


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--flat", type=int, default=0, metavar="MILLIONS")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        raise StackError("wrk is not installed: apt-get install wrk, or brew install wrk")
    with tempfile.TemporaryDirectory() as folder, small_stack(Path(folder), arguments.processes) as (settings, supervisor):
        if arguments.flat:
            flat(settings, supervisor, arguments.flat)
        else:
            compare(settings, supervisor, arguments.processes, arguments.rounds, arguments.seconds)


if __name__ == "__main__":
    main()
