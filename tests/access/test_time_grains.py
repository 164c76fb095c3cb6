"""A chart by month, filtered from the 10th to the 20th, gives SQL's number: every chart of the tree with a time grain.

Superset's alias for the time column would shadow the column in WHERE (superset_hooks.py): the chart would lose the month.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
import yaml

from huanxin.settings import CHECKOUT
from tests.access.sessions import over_http, sign_in
from tests.conftest import Stack

pytestmark = pytest.mark.stack

GRAINS = {"P1D": "toDate", "P1W": "toMonday", "P1M": "toStartOfMonth", "P3M": "toStartOfQuarter", "P1Y": "toStartOfYear"}
BEGIN, END = date(2024, 9, 10), date(2024, 9, 21)
"""The second is the day after the last."""


def charts() -> tuple[dict[str, Any], dict[str, Any]]:
    """Charts with a time grain by path, and datasets by uuid, as the provisioner spells them out."""
    sys.path.insert(0, str(CHECKOUT / "superset"))
    try:
        from bundle import render  # type: ignore[import-not-found]
        from tree import read_tree  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(CHECKOUT / "superset"))
    files = render(read_tree(), {"HUANXIN_CLICKHOUSE_HOST": "x", "HUANXIN_CLICKHOUSE_HTTP_PORT": "1"}, "")
    entries = {path: yaml.safe_load(text) for path, text in files.items()}
    datasets = {entry["uuid"]: entry for path, entry in entries.items() if path.startswith("datasets/")}
    return {p: e for p, e in entries.items() if p.startswith("charts/") and e["params"].get("time_grain_sqla")}, datasets


CHARTS, DATASETS = charts()


@pytest.fixture(scope="module")
def session(stack: Stack) -> Iterator[Any]:
    with closing(sign_in(stack, "leader")) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def dataset_ids(stack: Stack) -> dict[str, int]:
    path = stack.settings.home / "data" / "superset" / "superset.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as metadata:
        return dict(metadata.execute("SELECT table_name, id FROM tables"))


@pytest.mark.parametrize("path", CHARTS)
def test_a_part_of_a_month_gives_what_sql_gives(stack: Stack, session: Any, dataset_ids: dict[str, int], path: str) -> None:
    chart = CHARTS[path]
    dataset, params = DATASETS[chart["dataset_uuid"]], chart["params"]
    for suffix in ("", "_b") if "metrics_b" in params else ("",):
        metrics, axis, grain = params["metrics" + suffix], params["x_axis"], params["time_grain_sqla"]
        plain = [f for f in params["adhoc_filters" + suffix] if f["operator"] == "IN"]
        filters = [{"col": f["subject"], "op": "IN", "val": f["comparator"]} for f in plain]
        column = {"label": axis, "sqlExpression": axis, "expressionType": "SQL", "columnType": "BASE_AXIS", "timeGrain": grain}
        query = {
            "columns": [column],
            "metrics": metrics,
            "filters": [*filters, {"col": axis, "op": "TEMPORAL_RANGE", "val": f"{BEGIN} : {END}"}],
            "row_limit": 1000,
        }
        datasource = {"id": dataset_ids[dataset["table_name"]], "type": "table"}
        answer = session.post("/api/v1/chart/data", json={"datasource": datasource, "force": True, "queries": [query]})
        assert answer.status_code == 200, answer.text[:500]
        given = sorted([row[metric] for metric in metrics] for row in answer.json()["result"][0]["data"])
        wanted = sorted(by_sql(stack, dataset, metrics, axis, grain, plain))
        assert len(given) == len(wanted)
        for one, other in zip(given, wanted, strict=True):
            assert one == pytest.approx(other, rel=1e-9, nan_ok=True)
        assert wanted or dataset["table_name"] != "daily", "otherwise nothing was compared"


def by_sql(stack: Stack, dataset: Any, metrics: list[str], axis: str, grain: str, filters: list[Any]) -> list[list[Any]]:
    expressions = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    where = [f"`{axis}` >= toDate('{BEGIN}')", f"`{axis}` < toDate('{END}')"]
    where += [f"`{f['subject']}` IN ({', '.join(repr(value) for value in f['comparator'])})" for f in filters]
    computed = ", ".join(f"toFloat64({expressions[metric]}) AS m{number}" for number, metric in enumerate(metrics))
    query = f"SELECT {computed} FROM ({dataset['sql']}) WHERE {' AND '.join(where)} GROUP BY {GRAINS[grain]}(`{axis}`)"
    answer = over_http(stack, "leader", query + " FORMAT JSONCompact")
    assert answer.status_code == 200, answer.text[:500]
    return list(answer.json()["data"])
