"""The Grafana dashboard asks only for metrics there are, and every metric of the workers is on it."""

import json
import re

from prometheus_client import REGISTRY

from huanxin.settings import CHECKOUT
from ingest.gateway import metrics as gateway_metrics
from streams import metrics as worker_metrics

DASHBOARD = json.loads((CHECKOUT / "docs" / "grafana" / "huanxin.json").read_text("utf-8"))
ASKED = {
    name
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
    for name in re.findall(r"huanxin_[a-z_]+", target["expr"])
}


def exposed(module: object) -> set[str]:
    """The names under which a module's metrics are scraped."""
    mine = {metric for metric in vars(module).values() if hasattr(metric, "_name")}
    return {name for metric in mine for name in REGISTRY._collector_to_names[metric]}


def test_every_metric_asked_for_exists() -> None:
    known = exposed(worker_metrics) | exposed(gateway_metrics)
    assert ASKED - known == set()


def test_every_metric_of_the_workers_is_shown() -> None:
    shown = {re.sub(r"_(total|bucket|count|sum|created)$", "", name) for name in ASKED}
    assert {metric._name for metric in vars(worker_metrics).values() if hasattr(metric, "_name")} - shown == set()
