"""Two faults at once: the second strikes while the first lasts."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from huanxin.chaos.faults import fault
from huanxin.chaos.faults.poison import dead_letters_refused
from huanxin.chaos.faults.servers import disk_without_room, parts_forbidden
from huanxin.chaos.proxy import Gate
from huanxin.chaos.trial import Trial


@contextmanager
def worker_killed(trial: Trial) -> Iterator[None]:
    """Kill -9 of the worker; the supervisor starts it again."""
    pid = trial.lab.signal("worker-0", signal.SIGKILL)
    trial.lab.until(lambda: trial.lab.pid("worker-0") not in (pid, 0), 60, "the supervisor starts the killed worker again")
    trial.prove(f"worker (pid {pid}) killed")
    yield


@contextmanager
def broker_killed(trial: Trial) -> Iterator[None]:
    """Kill -9 of the broker; the supervisor starts it again."""
    pid = trial.lab.signal("kafka", signal.SIGKILL)
    trial.lab.until(lambda: trial.lab.pid("kafka") not in (pid, 0), 60, "the supervisor starts the killed broker again")
    trial.prove(f"broker (pid {pid}) killed")
    yield


@contextmanager
def clickhouse_away(trial: Trial) -> Iterator[None]:
    """ClickHouse is stopped and comes back."""
    trial.reader.may_fail = True
    trial.lab.stop("clickhouse")
    trial.prove("ClickHouse stopped")
    yield
    trial.lab.run("clickhouse")


@contextmanager
def worker_stopped(trial: Trial) -> Iterator[None]:
    """SIGSTOP for a few seconds."""
    pid = trial.lab.signal("worker-0", signal.SIGSTOP)
    trial.prove(f"worker (pid {pid}) stopped")
    yield
    trial.lab.signal("worker-0", signal.SIGCONT)


@contextmanager
def clickhouse_silent(trial: Trial) -> Iterator[None]:
    """ClickHouse's answers are lost, and then the connections."""
    with _silent(trial, trial.lab.worker_clickhouse.down, trial.lab.worker_clickhouse.cut, "ClickHouse's answers lost"):
        yield


@contextmanager
def kafka_unheard(trial: Trial) -> Iterator[None]:
    """What the worker sends to Kafka is lost, and then the connections."""
    with _silent(trial, trial.lab.worker_kafka.up, trial.lab.worker_kafka.cut, "the worker's requests to Kafka lost"):
        yield


@contextmanager
def _silent(trial: Trial, gate: Gate, cut: Callable[[], None], what: str) -> Iterator[None]:
    gate.close()
    trial.prove(what)
    yield
    cut()
    gate.open()


PARTS: tuple[Callable[[Trial], AbstractContextManager[None]], ...] = (
    broker_killed,
    clickhouse_away,
    clickhouse_silent,
    dead_letters_refused,
    disk_without_room,
    kafka_unheard,
    parts_forbidden,
    worker_killed,
    worker_stopped,
)
SEEN_BY_WORKER = {dead_letters_refused, disk_without_room, parts_forbidden}
"""What only a working worker can prove: it begins first and ends last, and one of them is enough."""
CLASH = ({disk_without_room, clickhouse_away}, {worker_killed, worker_stopped})
"""Pairs of which one cannot be undone while the other lasts."""


@fault("two faults at once")
def two(trial: Trial) -> None:
    """Two faults of the others, by the dice; the second strikes while the first lasts."""
    pair = trial.dice.sample(PARTS, 2)
    while {*pair} <= SEEN_BY_WORKER or {*pair} in CLASH:
        pair = trial.dice.sample(PARTS, 2)
    first, second = sorted(pair, key=lambda part: part not in SEEN_BY_WORKER)
    with trial.load(3), first(trial), second(trial):
        time.sleep(trial.dice.uniform(0.5, 2.5))
    trial.healed()
