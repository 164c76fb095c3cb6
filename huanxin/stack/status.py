"""`huanxin status`: services, lag per partition, freshness per source, addresses."""

from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from huanxin.errors import StackError
from huanxin.settings import Settings
from huanxin.stack.health import probes
from huanxin.stack.supervision import Supervisor
from schemas.catalogue import TOUCHED_CELLS, event_types, topic
from warehouse.alarms import open_alarms
from warehouse.client import connection

GROUP = "huanxin"
PATIENCE_MS = 3000
"""For finding Kafka. Who waits for it asks again."""


def urls(settings: Settings) -> dict[str, str]:
    """Where each service answers."""
    return {
        "gateway": f"http://{settings.host}:{settings.gateway_port}",
        "superset": f"http://{settings.host}:{settings.superset_port}",
        "clickhouse_http": f"http://{settings.clickhouse_host}:{settings.clickhouse_http_port}",
        "clickhouse_native": f"clickhouse://{settings.clickhouse_host}:{settings.clickhouse_native_port}",
        "kafka": settings.kafka_bootstrap,
    }


def status(settings: Settings) -> dict[str, Any]:
    """The whole state as plain data; `healthy` is true only when every known program runs and answers and no alarm is open."""
    supervisor = Supervisor(settings)
    services: dict[str, dict[str, Any]] = {}
    if supervisor.running():
        checks = probes(settings)
        for name, info in supervisor.states().items():
            running = info["statename"] == "RUNNING"
            services[name] = {"state": info["statename"], "pid": info["pid"], "healthy": running and checks[name]()}
    running = bool(services) and all(service["healthy"] for service in services.values())
    alarms = _alarms(settings) if services.get("clickhouse", {}).get("healthy") else []
    return {
        "healthy": running and not alarms,
        "urls": urls(settings),
        "services": services,
        "alarms": alarms,
        "lag": _lag(settings) if services.get("kafka", {}).get("healthy") else {},
        "freshness": _freshness(settings) if services.get("clickhouse", {}).get("healthy") else {},
    }


def lag(settings: Settings) -> dict[str, dict[int, int]]:
    """Topic → partition → messages that are in Kafka and not yet acknowledged by the workers.

    Raises StackError where Kafka does not answer, or does not know a topic: not knowing is not the same as nothing left.
    """
    topics = [*(topic(event_type) for event_type in event_types()), TOUCHED_CELLS]
    known = {"bootstrap_servers": settings.kafka_bootstrap, "bootstrap_timeout_ms": PATIENCE_MS, "group_id": GROUP}
    try:
        with closing(KafkaConsumer(**known, enable_auto_commit=False)) as consumer:
            return {name: _of_topic(consumer, name) for name in topics}
    except KafkaError as error:
        raise StackError(f"Kafka at {settings.kafka_bootstrap} does not say what is left: {error!r}") from error


def left(settings: Settings) -> int | None:
    """Messages in Kafka that the workers have not acknowledged, of all topics; None while Kafka does not say."""
    try:
        return sum(sum(partitions.values()) for partitions in lag(settings).values())
    except StackError:
        return None


def _of_topic(consumer: Any, name: str) -> dict[int, int]:
    partitions = [TopicPartition(name, p) for p in sorted(consumer.partitions_for_topic(name) or ())]
    if not partitions:
        raise StackError(f"Kafka does not know {name}; huanxin up makes what is missing")
    ends, begins = consumer.end_offsets(partitions), consumer.beginning_offsets(partitions)
    return {tp.partition: max(0, ends[tp] - max(consumer.committed(tp) or 0, begins[tp])) for tp in partitions}


def _lag(settings: Settings) -> dict[str, dict[int, int]]:
    """The lag, or nothing where it is not known: a status is shown whatever fails."""
    try:
        return lag(settings)
    except StackError:
        return {}


def _alarms(settings: Settings) -> list[dict[str, str]]:
    with connection(settings, "admin") as client:
        return [{"id": alarm.id, "detail": alarm.detail} for alarm in open_alarms(client)]


def _freshness(settings: Settings) -> dict[str, dict[str, Any]]:
    names = ("last_event_at", "last_received_at", "lag_seconds", "expected_every", "last_heartbeat_at")
    with connection(settings, "admin") as client:
        rows = client.execute(f"SELECT source, {', '.join(names)} FROM mart.freshness")
    return {source: dict(zip(names, found, strict=True)) for source, *found in rows}
