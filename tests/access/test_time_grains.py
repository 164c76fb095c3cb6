"""A chart by month, filtered from the 10th to the 20th, gives SQL's number: every chart of the tree with a time grain.

Superset's alias for the time column would shadow the column in WHERE (superset_hooks.py): the chart would lose the month.
"""

import sys
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
def asked(stack: Stack) -> dict[str, tuple[list[Any], list[Any]]]:
    """Chart → the values that Superset gives and the values that SQL gives, over all its queries."""
    dataset_ids = dict(sql_ids(stack))
    answers = {}
    with closing(sign_in(stack, "leader")) as session:
        for path, chart in CHARTS.items():
            dataset, params = DATASETS[chart["dataset_uuid"]], chart["params"]
            of_superset: list[Any] = []
            of_sql: list[Any] = []
            for suffix in ("", "_b") if "metrics_b" in params else ("",):
                metrics, axis, grain = params["metrics" + suffix], params["x_axis"], params["time_grain_sqla"]
                plain = [f for f in params["adhoc_filters" + suffix] if f["operator"] == "IN"]
                filters = [{"col": f["subject"], "op": "IN", "val": f["comparator"]} for f in plain]
                request = {
                    "datasource": {"id": dataset_ids[dataset["table_name"]], "type": "table"},
                    "force": True,
                    "queries": [
                        {
                            "columns": [
                                {
                                    "label": axis,
                                    "sqlExpression": axis,
                                    "expressionType": "SQL",
                                    "columnType": "BASE_AXIS",
                                    "timeGrain": grain,
                                }
                            ],
                            "metrics": metrics,
                            "filters": [*filters, {"col": axis, "op": "TEMPORAL_RANGE", "val": f"{BEGIN} : {END}"}],
                            "row_limit": 1000,
                        }
                    ],
                }
                answer = session.post("/api/v1/chart/data", json=request)
                assert answer.status_code == 200, (path, answer.text[:500])
                rows = answer.json()["result"][0]["data"]
                of_superset += sorted([row[metric] for metric in metrics] for row in rows)
                of_sql += sorted(by_sql(stack, dataset, metrics, axis, grain, plain))
            answers[path] = (of_superset, of_sql)
    return answers


def by_sql(stack: Stack, dataset: Any, metrics: list[str], axis: str, grain: str, filters: list[Any]) -> list[list[Any]]:
    expressions = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    where = [f"`{axis}` >= toDate('{BEGIN}')", f"`{axis}` < toDate('{END}')"]
    where += [f"`{f['subject']}` IN ({', '.join(repr(value) for value in f['comparator'])})" for f in filters]
    computed = ", ".join(f"toFloat64({expressions[metric]}) AS m{number}" for number, metric in enumerate(metrics))
    query = f"SELECT {computed} FROM ({dataset['sql']}) WHERE {' AND '.join(where)} GROUP BY {GRAINS[grain]}(`{axis}`)"
    answer = over_http(stack, "leader", query + " FORMAT JSONCompact")
    assert answer.status_code == 200, answer.text[:500]
    return list(answer.json()["data"])


def sql_ids(stack: Stack) -> list[tuple[str, int]]:
    import sqlite3

    with sqlite3.connect(f"file:{stack.settings.home}/data/superset/superset.db?mode=ro", uri=True) as metadata:
        return list(metadata.execute("SELECT table_name, id FROM tables"))


@pytest.mark.parametrize("path", CHARTS)
def test_a_part_of_a_month_gives_what_sql_gives(asked: Any, path: str) -> None:
    of_superset, of_sql = asked[path]
    assert len(of_superset) == len(of_sql)
    for given, wanted in zip(of_superset, of_sql, strict=True):
        assert given == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_some_charts_have_numbers_there(asked: Any) -> None:
    assert any(of_sql for _, of_sql in asked.values()), "otherwise nothing was compared"
