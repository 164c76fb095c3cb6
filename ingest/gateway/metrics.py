"""Every metric of the gateway, in one place. With several processes they are summed over all of them."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set before this module is imported, several processes keep their metrics in files there."""

EVENTS = Counter("huanxin_gateway_events_total", "Events received, by result", ["source", "status"])
REFUSALS = Counter("huanxin_gateway_refusals_total", "Requests refused as a whole", ["status", "reason"])
SECONDS = Histogram(
    "huanxin_gateway_seconds",
    "From a request's first byte to its answer, where its events were judged",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
UNDER_WAY = Gauge("huanxin_gateway_requests_under_way", "Requests being read or waiting for Kafka", multiprocess_mode="livesum")
HELD_BYTES = Gauge("huanxin_gateway_held_bytes", "Bytes of the bodies under way", multiprocess_mode="livesum")


def exposition() -> bytes:
    """All metrics in Prometheus's text format."""
    if FOLDER not in os.environ:
        return generate_latest()
    for file in Path(os.environ[FOLDER]).glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
