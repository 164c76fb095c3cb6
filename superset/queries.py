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
            names.update(_list(params.get(key + suffix)))
    return names | {params[key] for key in ("x_axis", "metric", "source", "target") if key in params}


def _list(value: Any) -> list[str]:
    """A heat map's groupby is one name, every other chart's a list of them."""
    return [value] if isinstance(value, str) else list(value or [])


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
    leading = [params[key] for key in ("x_axis", "source", "target") if key in params]
    metrics = params.get("metrics" + suffix) or [params["metric"]]
    return common | {"columns": [*leading, *_list(params.get("groupby" + suffix))], "metrics": metrics, "orderby": []}


def _order(text: str) -> tuple[str, bool]:
    """Superset keeps an order as JSON in a string: '["target", true]'."""
    column, _, ascending = text.strip("[]").partition(",")
    return column.strip(' "'), ascending.strip() == "true"
