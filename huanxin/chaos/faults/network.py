"""The network cut in each direction between worker, producer and servers; acknowledgements that never come."""

from collections.abc import Callable

from huanxin.chaos.errors import UnprovenError
from huanxin.chaos.faults import fault
from huanxin.chaos.faults.workers import rows
from huanxin.chaos.proxy import Gate, Proxy
from huanxin.chaos.trial import Trial


@fault("producer's acknowledgement lost")
def lost_ack(trial: Trial) -> None:
    """Kafka takes the messages; its answers never reach the producer, and the connection breaks."""
    proxy = trial.lab.producer_kafka
    before = len(trial.sent)
    with trial.load(1.5):
        trial.lab.until(lambda: len(trial.sent) > before, 30, "the first events acknowledged")
        proxy.down.close()
        trial.lab.until(lambda: proxy.down.waiting > 0, 30, "an answer held")
        acknowledged = len(trial.sent)
        trial.prove(f"answers of {proxy.down.waiting} bytes dropped, {acknowledged - before} events acknowledged so far")
        proxy.cut()
        proxy.heal()
        trial.healed()
    if acknowledged == len(trial.sent):
        raise UnprovenError("everything was acknowledged before the answers were held")


@fault("network: producer to Kafka cut")
def from_producer(trial: Trial) -> None:
    """What the producer sends is lost on the way to Kafka."""
    proxy, before = trial.lab.producer_kafka, len(trial.sent)
    with trial.load(1.5):
        trial.lab.until(lambda: len(trial.sent) > before, 30, "the first events acknowledged")
        proxy.up.close()
        trial.proven(lambda: proxy.up.waiting, 30, "{} bytes of messages lost")
        proxy.cut()
        proxy.heal()
        trial.healed()


@fault("network: worker to ClickHouse cut")
def to_clickhouse(trial: Trial) -> None:
    """What the worker sends to ClickHouse is lost."""
    proxy = trial.lab.worker_clickhouse
    _cut(trial, proxy, proxy.up)


@fault("network: ClickHouse to worker cut")
def from_clickhouse(trial: Trial) -> None:
    """ClickHouse's answers to the worker are lost."""
    proxy = trial.lab.worker_clickhouse
    _cut(trial, proxy, proxy.down)


@fault("network: worker to Kafka cut")
def to_kafka(trial: Trial) -> None:
    """What the worker sends to Kafka is lost: fetches, heartbeats, commits, touched cells."""
    proxy = trial.lab.worker_kafka
    _cut(trial, proxy, proxy.up)


@fault("network: Kafka to worker cut")
def from_kafka(trial: Trial) -> None:
    """Kafka's answers to the worker are lost."""
    proxy = trial.lab.worker_kafka
    _cut(trial, proxy, proxy.down)


def _cut(trial: Trial, proxy: Proxy, gate: Gate) -> None:
    """Hold one direction in mid-load, break the connections with what they hold, and heal."""
    with trial.load():
        trial.lab.until(lambda: rows(trial) > 0, 60, "the first rows stored")
        gate.close()
        trial.lab.until(lambda: gate.waiting > 0, 30, "bytes under way held")
        trial.lab.until(stalled(trial), 30, "nothing is stored any more")
        trial.prove(f"{gate.waiting} bytes lost at {rows(trial)} rows stored")
        proxy.cut()
        proxy.heal()
        trial.healed()


def stalled(trial: Trial) -> Callable[[], bool]:
    """A check whether the stored rows have stopped growing."""
    seen = [-1, -2, -3, -4, -5, -6]

    def check() -> bool:
        seen.append(rows(trial))
        return len(set(seen[-6:])) == 1

    return check
