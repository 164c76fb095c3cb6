"""The ground that all contenders run on: a Kafka and a ClickHouse of the benchmark's own, and one topic for everyone."""

import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import psutil
from confluent_kafka import Producer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from benchmarks.peers.events import TYPE, messages
from huanxin.settings import Settings, settings
from huanxin.stack.lifecycle import down, up
from schemas.catalogue import table, topic
from schemas.identity import Identifier
from warehouse.client import connection

TOPIC = topic(TYPE)
LANDING = f"landing.{table(TYPE)}"
DATABASE = "bench"
FIRST_DAY, DAYS = date(2024, 1, 1), 30
Say = Callable[[str], None]


@contextmanager
def ground(say: Say) -> Iterator[Settings]:
    """Kafka and ClickHouse in a folder that is empty before and gone after."""
    home = settings().home / "bench"
    chosen = Settings(home=home)
    down(chosen)
    shutil.rmtree(home, ignore_errors=True)
    try:
        chosen = up(chosen, say, with_superset=False, stores_only=True)
        with connection(chosen, "admin") as client:
            client.execute(f"CREATE DATABASE {DATABASE} ENGINE = Atomic")
        yield chosen
    finally:
        down(chosen)
        shutil.rmtree(home, ignore_errors=True)


def fill(chosen: Settings, count: int, seed: int = 1, first: int = 0) -> None:
    """Put so many different payments into the topic, numbered from `first`."""
    identifier = Identifier(bytes.fromhex(chosen.secrets.pseudonym_key))
    put(chosen, ((event.key, event.value) for event in messages(identifier, count, FIRST_DAY, DAYS, seed, first)))


def put(chosen: Settings, keys_and_values: Iterable[tuple[bytes, bytes]]) -> None:
    """Put messages into the topic, keyed and compressed as the gateway does. Raises TimeoutError where Kafka takes none."""
    producer = Producer(
        {"bootstrap.servers": chosen.kafka_bootstrap, "compression.type": "lz4", "linger.ms": 20, "batch.size": 262_144}
    )
    for key, value in keys_and_values:
        while True:
            try:
                producer.produce(TOPIC, key=key, value=value)
                break
            except BufferError:  # the queue is full: let some leave
                producer.poll(0.5)
        producer.poll(0)
    if left := producer.flush(120):
        raise TimeoutError(f"{left} messages did not reach Kafka")


def clear(chosen: Settings, name: str) -> None:
    """An empty table for the next contender, and nothing remembered of where the workers' group stood."""
    with connection(chosen, "admin") as client:
        if name == LANDING:
            for cleared in (LANDING, "landing.ledger", "mart.daily_cell"):
                client.execute(f"TRUNCATE TABLE {cleared} SYNC")
        else:
            client.execute(f"DROP TABLE IF EXISTS {name} SYNC")
            client.execute(f"CREATE TABLE {name} AS {LANDING}")
    if name == LANDING:
        _forget_group(chosen)


def _forget_group(chosen: Settings, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    admin = KafkaAdminClient(bootstrap_servers=chosen.kafka_bootstrap)
    try:
        while "huanxin" in json.dumps(admin.list_groups(), default=str):
            try:
                admin.delete_groups(["huanxin"])
            except KafkaError:  # the last worker's session has not ended yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
    finally:
        admin.close()


def worker_command(index: int = 0) -> list[str]:
    """The real worker's command line."""
    return [sys.executable, "-m", "huanxin", "worker", "--index", str(index)]


def machine() -> str:
    """What the figures were measured on."""
    lscpu = subprocess.run(["lscpu"], capture_output=True, text=True, check=False).stdout
    model = next(
        (line.partition(":")[2].strip() for line in lscpu.splitlines() if line.startswith("Model name")), "unknown CPU"
    )
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} × {model}, {memory:.0f} GiB, Python {platform.python_version()}"
