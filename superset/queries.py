"""The queries behind a chart, made from its parameters as the browser makes them: for `--verify` and for reports."""

from collections.abc import Mapping
from typing import Any

Params = Mapping[str, Any]
B = "_b"
"""The suffix of a mixed chart's second query."""


def columns_used(params: Params) -> set[str]:
    """Every column or metric of the dataset that the chart names."""
    names = {filter_["subject"] for filter_ in params["adhoc_filters"]}
    for suffix in ("", B):
        for key in ("all_columns", "groupby", "metrics"):
            names.update(params.get(key + suffix, []))
    return names | ({params["x_axis"]} if "x_axis" in params else set())


def query_context(params: Params) -> dict[str, Any]:
    """One query, or two for a mixed chart. The importer fills in the dataset."""
    suffixes = ("", B) if "metrics_b" in params else ("",)
    return {
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [_query(params, suffix) for suffix in suffixes],
        "form_data": dict(params),
        "result_format": "json",
        "result_type": "full",
    }


def _query(params: Params, suffix: str) -> dict[str, Any]:
    filters = [{"col": f["subject"], "op": f["operator"], "val": f["comparator"]} for f in params["adhoc_filters" + suffix]]
    common = {"filters": filters, "extras": {}, "row_limit": params["row_limit"], "time_range": "No filter"}
    if params.get("query_mode") == "raw":
        order = [[column, ascending] for column, ascending in map(_order, params.get("order_by_cols", []))]
        return common | {"columns": params["all_columns"], "metrics": None, "orderby": order}
    columns = [*([params["x_axis"]] if "x_axis" in params else []), *params.get("groupby" + suffix, [])]
    return common | {"columns": columns, "metrics": params["metrics" + suffix], "orderby": []}


def _order(text: str) -> tuple[str, bool]:
    """Superset keeps an order as JSON in a string: '["target", true]'."""
    column, _, ascending = text.strip("[]").partition(",")
    return column.strip(' "'), ascending.strip() == "true"
