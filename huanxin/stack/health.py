"""Whether a service answers: one probe each, and a bounded wait for it."""

import time
import urllib.request
from collections.abc import Callable

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from huanxin.errors import StackError
from huanxin.heartbeat import alive as watch_lives
from huanxin.settings import Settings
from huanxin.stack.supervision import Supervisor
from warehouse.client import CLICKHOUSE_ERRORS, connection

GIVEN_UP = ("FATAL", "UNKNOWN")


def kafka_answers(settings: Settings) -> bool:
    """The broker answers a metadata request."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=2000, bootstrap_timeout_ms=2000)
    except (KafkaError, OSError):
        return False
    try:
        admin.list_topics()
    except KafkaError:
        return False
    finally:
        admin.close()
    return True


def clickhouse_answers(settings: Settings) -> bool:
    """The server answers a query of the admin user."""
    try:
        with connection(settings, "admin") as client:
            return bool(client.execute("SELECT 1") == [(1,)])
    except CLICKHOUSE_ERRORS:
        return False


def http_answers(url: str) -> bool:
    """A GET of the address gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310  an address of our own
            return bool(response.status == 200)
    except OSError:
        return False


def probes(settings: Settings) -> dict[str, Callable[[], bool]]:
    """Program → its probe."""
    found: dict[str, Callable[[], bool]] = {
        "kafka": lambda: kafka_answers(settings),
        "clickhouse": lambda: clickhouse_answers(settings),
        "gateway": lambda: http_answers(f"http://{settings.host}:{settings.gateway_port}/readyz"),
        "watch": lambda: watch_lives(settings),
        "superset": lambda: http_answers(f"http://{settings.host}:{settings.superset_port}/health"),
    }
    for index in range(settings.workers):
        url = f"http://{settings.host}:{settings.worker_port + index}/metrics"
        found[f"worker-{index}"] = lambda url=url: http_answers(url)  # type: ignore[misc]
    return found


def wait_for(supervisor: Supervisor, settings: Settings, name: str, seconds: float) -> None:
    """Return once the program answers. Raises StackError, naming its log, when it gave up or the time is over."""
    probe = probes(settings)[name]
    deadline = time.monotonic() + seconds
    while not probe():
        state = supervisor.states()[name]["statename"]
        if state in GIVEN_UP or time.monotonic() > deadline:
            log = supervisor.log(name)
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
            raise StackError(f"{name} did not become healthy ({state}); its log {log} ends with:\n{tail}")
        time.sleep(0.2)
