"""The stack of one run: Kafka, ClickHouse and workers in a temporary home, with proxies between, and handles to break it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from clickhouse_driver.errors import NetworkError
from kafka.admin import KafkaAdminClient
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from huanxin.chaos.errors import UnmetError
from huanxin.chaos.proxy import Proxy
from huanxin.prepare import prepare
from huanxin.settings import Settings
from huanxin.stack import choices, clickhouse, kafka
from huanxin.stack.health import probes, wait_for
from huanxin.stack.programs import Program, programs
from huanxin.stack.runtime import ensure_runtime
from huanxin.stack.status import left
from huanxin.stack.supervision import Supervisor
from ingest.sources import sources
from warehouse.client import connection

DISK = 4 * 2**30
WORKERS = 3
"""Known to the supervisor; only the first one runs unless a fault wants more."""
_CONNECTION_LOST = retry_if_exception_type((NetworkError, EOFError))


class Lab:
    """Use it as a context: everything is gone at the end, except the folder where `keep` is set."""

    def __init__(self, say: Callable[[str], None], keep: bool = False, code: Path | None = None, patience: float = 1.0) -> None:
        self.say, self.keep, self.code, self.patience = say, keep, code, patience
        """`code`: a folder whose packages the workers run instead of the checkout's; waits are `patience` times as long."""
        self.home = Path(tempfile.mkdtemp(prefix="huanxin-chaos-"))
        ports = _free_ports((*choices.PORTS, *_EXTRA))
        (self.home / "ports.json").write_text(json.dumps({name: ports[name] for name in choices.PORTS}))
        self.ports = ports
        chosen = choices.choose(Settings(home=self.home), list(sources()))
        self.settings = chosen.model_copy(update={"workers": WORKERS, "partitions": 3})
        self.supervisor = Supervisor(self.settings)
        self.users = self.home / "users.xml"
        shutil.copy(clickhouse.ACCESS / "users.xml", self.users)
        self.small_disk = False
        """Whether ClickHouse's data lies on a disk of its own, which can be filled."""
        host = self.settings.host
        self.worker_kafka = Proxy(host, ports["worker_kafka"], ports["worker_listener"])
        self.producer_kafka = Proxy(host, ports["producer_kafka"], ports["producer_listener"])
        self.worker_clickhouse = Proxy(host, ports["worker_clickhouse"], self.settings.clickhouse_native_port)

    def __enter__(self) -> "Lab":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.supervisor.processes():
            with suppress(OSError):
                process.send_signal(signal.SIGCONT)  # a stopped one would not hear that it should end
        self.supervisor.shutdown()
        for proxy in self.proxies:
            proxy.stop()
        if self.small_disk:
            subprocess.run(["umount", str(self.disk)], check=False)  # noqa: S603, S607  our own mount
        if not self.keep:
            shutil.rmtree(self.home, ignore_errors=True)

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """What stands between the workers, the producer and their servers."""
        return self.worker_kafka, self.producer_kafka, self.worker_clickhouse

    @property
    def disk(self) -> Path:
        """Where ClickHouse's data lies."""
        return self.home / "data" / "clickhouse"

    @property
    def producer_bootstrap(self) -> str:
        """Kafka as the producer reaches it: through its proxy."""
        return f"{self.settings.host}:{self.ports['producer_kafka']}"

    def _start(self) -> None:
        ensure_runtime(self.settings, self.say)
        kafka.prepare(self.settings)
        self._more_listeners()
        clickhouse.prepare(self.settings)
        self.small_disk = self._mount()
        self.supervisor.start(self._programs())
        for name in ("kafka", "clickhouse"):
            self.supervisor.start_program(name)
        for name in ("kafka", "clickhouse"):
            wait_for(self.supervisor, self.settings, name, 60 * self.patience)
        prepare(self.settings)
        self.run("worker-0")

    def _mount(self) -> bool:
        """A disk of its own for ClickHouse, in a file; False where we may not mount."""
        image = self.home / "clickhouse.img"
        with image.open("wb") as file:
            file.truncate(DISK)
        for command in (["mkfs.ext4", "-q", "-m", "0", str(image)], ["mount", "-o", "loop", str(image), str(self.disk)]):
            try:
                subprocess.run(command, check=True, capture_output=True)  # noqa: S603  our own file and folder
            except (OSError, subprocess.CalledProcessError):
                return False
        return True

    def _programs(self) -> list[Program]:
        through = {
            "HUANXIN_KAFKA_PORT": str(self.ports["worker_kafka"]),
            "HUANXIN_CLICKHOUSE_NATIVE_PORT": str(self.ports["worker_clickhouse"]),
            "HUANXIN_SUPERVISE": "false",  # no finding is compared here: leave the machine to what is
        }
        if self.code:
            through |= {"PYTHONPATH": str(self.code), "PYTHONSAFEPATH": "1"}
        found = []
        for program in programs(self.settings):
            if program.name.startswith("worker"):
                found.append(replace(program, environment=through))
            elif program.name == "clickhouse":
                users = {"HUANXIN_CLICKHOUSE_USERS": str(self.users)}
                found.append(replace(program, environment={**program.environment, **users}))
            elif program.name == "kafka":
                found.append(program)
        return found

    def _more_listeners(self) -> None:
        """A listener each for workers and producer, which the broker advertises by the proxy's port."""
        host, ports = self.settings.host, self.ports
        plain = f"PLAINTEXT://{host}:{self.settings.kafka_port}"
        lines = {
            "listeners": f"{plain},CONTROLLER://{host}:{self.settings.kafka_controller_port},"
            f"WORKER://{host}:{ports['worker_listener']},PRODUCER://{host}:{ports['producer_listener']}",
            "advertised.listeners": f"{plain},WORKER://{host}:{ports['worker_kafka']},"
            f"PRODUCER://{host}:{ports['producer_kafka']}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,WORKER:PLAINTEXT,PRODUCER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.retention.check.interval.ms": "1000",
            "log.initial.task.delay.ms": "1000",
            "log.segment.delete.delay.ms": "1000",
        }
        with kafka.config(self.settings).open("a", encoding="utf-8") as file:
            file.writelines(f"{key}={value}\n" for key, value in lines.items())

    def pid(self, name: str) -> int:
        """The program's process id; 0 where it does not run."""
        return int(self.supervisor.states()[name]["pid"])

    def signal(self, name: str, number: signal.Signals) -> int:
        """Send a signal to a program; returns its process id."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    def run(self, name: str) -> None:
        """Start a program and return once it answers."""
        self.supervisor.start_program(name)
        wait_for(self.supervisor, self.settings, name, 60 * self.patience)

    def stop(self, name: str) -> None:
        """Stop a program and return once it has ended."""
        self.supervisor.stop_program(name)

    def answers(self, name: str) -> bool:
        """Whether a program answers now."""
        return probes(self.settings)[name]()

    def heal(self) -> None:
        """Bring everything to its usual state: proxies open, Kafka, ClickHouse and one worker running."""
        for proxy in self.proxies:
            proxy.heal()
        for name in ("kafka", "clickhouse", "worker-0"):
            if not self.answers(name):  # one that runs may not answer yet: the supervisor has just started it again
                self.run(name)
        for index in range(1, WORKERS):
            self.stop(f"worker-{index}")

    @retry(retry=_CONNECTION_LOST, stop=stop_after_delay(30), wait=wait_fixed(0.2), reraise=True)
    def sql(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        """Run one query as the admin user, around the proxies; again where the library's server ended itself meanwhile."""
        with connection(self.settings, "admin") as client:
            rows: list[tuple[Any, ...]] = client.execute(query, params)
        return rows

    def landed(self) -> None:
        """Return once no message waits. Raises UnmetError where that takes too long."""
        self.until(lambda: left(self.settings) == 0, 120, "no message waits to be landed")

    @contextmanager
    def admin(self) -> Iterator[KafkaAdminClient]:
        """A client for Kafka's administration, around the proxies."""
        admin = KafkaAdminClient(bootstrap_servers=self.settings.kafka_bootstrap, client_id="huanxin-chaos")
        try:
            yield admin
        finally:
            admin.close()

    def until(self, check: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait until the check holds and return what it gave. Raises UnmetError, naming `what`, when the time is over."""
        deadline = time.monotonic() + seconds * self.patience
        began = time.monotonic()
        while not (outcome := check()):
            if time.monotonic() > deadline:
                raise UnmetError(f"not within {seconds * self.patience:.0f} s: {what}")
            time.sleep(max(0.05, time.monotonic() - began))  # a check that costs much is made less often
            began = time.monotonic()
        return outcome


_EXTRA = ("worker_kafka", "worker_listener", "producer_kafka", "producer_listener", "worker_clickhouse")


def _free_ports(names: Sequence[str]) -> dict[str, int]:
    """Name → a port that is free now; `worker_port` has its neighbours free too, one for each worker."""
    with ExitStack() as held:

        def take(port: int = 0) -> int:
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])

        ports = {}
        while "worker_port" not in ports:
            first = take()
            with suppress(OSError):
                ports["worker_port"], *_ = (take(first + index) for index in range(1, WORKERS + 1))
        return {name: ports.get(name) or take() for name in names}
