"""The processes of the local stack, in the order they start."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from huanxin.settings import Settings
from huanxin.stack import clickhouse, kafka, superset


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised process."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: int = 15


def programs(settings: Settings) -> list[Program]:
    """Kafka and ClickHouse, then what needs them. Superset is left out where its environment is not installed."""
    huanxin = [sys.executable, "-m", "huanxin"]
    found = [
        Program("kafka", kafka.command(settings), stop_seconds=30),
        Program("clickhouse", clickhouse.command(settings), clickhouse.environment(settings)),
        *(Program(f"worker-{i}", [*huanxin, "worker", "--index", str(i)]) for i in range(settings.workers)),
        Program("gateway", [*huanxin, "gateway"]),
        Program("watch", [*huanxin, "watch"]),
    ]
    if superset.installed(settings):
        found.append(Program("superset", superset.command(settings), superset.environment(settings)))
    return found
