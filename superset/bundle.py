"""Spells the tree of `assets/` out as the files Superset imports.

The tree says only what differs between assets, so that a change reads as a few lines: files name each other by path, a chart
may start from another (`like`), and a page is a list of rows. Everything wrong is found here, before anything is changed.
"""

import json
from collections.abc import Mapping
from string import Template
from typing import Any
from urllib.parse import quote

import yaml
from filters import Datasets, native_filters
from layout import page_links, position
from opening import opened
from owed import empty_states, owed_by, senders
from panels import as_panels
from queries import columns_used, query_context
from rows import as_template
from superset_theme import COLORS, SERIES_COLORS
from tree import BundleError, Tree

VERSION = "1.0.0"
TEMPORAL = {"Date", "DateTime"}


def render(tree: Tree, environment: Mapping[str, str], styles: str) -> dict[str, str]:
    """The tree as `path → YAML text` for Superset's importer; raises BundleError at the first thing that cannot work."""
    files = {"metadata.yaml": {"version": VERSION, "type": "assets", "timestamp": "2024-01-01T00:00:00+00:00"}}
    for stem, entry in tree["databases"].items():
        files[f"databases/{stem}.yaml"] = _database(stem, entry, environment)
    for stem, entry in tree["datasets"].items():
        files[f"datasets/{stem}.yaml"] = _dataset(stem, entry, tree)
    charts = {stem: _chart(stem, tree) for stem in tree["charts"]}
    files |= {f"charts/{stem}.yaml": chart for stem, chart in charts.items()}
    by_uuid, departments = {entry["uuid"]: entry for entry in tree["datasets"].values()}, senders()
    owed = empty_states({c["slice_name"]: owed_by(c, by_uuid[c["dataset_uuid"]], departments) for c in charts.values()})
    for stem, entry in tree["dashboards"].items():
        links = page_links(tree["dashboards"], stem)
        files[f"dashboards/{stem}.yaml"] = _dashboard(stem, entry, charts, tree["datasets"], links, styles + owed)
    return {name: yaml.safe_dump(content, allow_unicode=True, sort_keys=False) for name, content in files.items()}


def _database(stem: str, entry: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    template = Template(entry["uri"])
    if missing := [name for name in template.get_identifiers() if not environment.get(name)]:
        raise BundleError(f"databases/{stem}.yaml", f"needs {', '.join(missing)} in the environment")
    uri = template.substitute({name: quote(environment[name], safe="") for name in template.get_identifiers()})
    return _common(entry) | {
        "database_name": entry["name"],
        "sqlalchemy_uri": uri,
        "expose_in_sqllab": True,  # to those who may see the SQL Lab: the data team
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": entry.get("extra", {}),
    }


def _dataset(stem: str, entry: dict[str, Any], tree: Tree) -> dict[str, Any]:
    (database,) = tree["databases"].values()
    columns, metrics = entry["columns"], entry.get("metrics", {})
    temporal = [name for name, type_ in columns.items() if type_ in TEMPORAL]
    return _common(entry) | {
        "table_name": stem,
        "description": entry["description"],
        "schema": "mart",
        "sql": entry["sql"],
        "main_dttm_col": temporal[0] if temporal else None,
        "columns": [{"column_name": name, "type": type_, "is_dttm": type_ in TEMPORAL} for name, type_ in columns.items()],
        "metrics": [{"metric_name": name, "verbose_name": name, "expression": sql} for name, sql in metrics.items()],
        "database_uuid": database["uuid"],
    }


def _chart(stem: str, tree: Tree) -> dict[str, Any]:
    file = f"charts/{stem}.yaml"
    entry = _like(file, tree["charts"][stem], tree)
    if missing := {"name", "description", "dataset", "viz_type"} - entry.keys():
        raise BundleError(file, f"lacks {', '.join(sorted(missing))}")
    dataset = tree["datasets"].get(entry["dataset"])
    if dataset is None:
        raise BundleError(file, f"names a dataset that is not there: {entry['dataset']}")
    filters = [
        {"clause": "WHERE", "expressionType": "SIMPLE", "subject": column, "operator": "IN", "comparator": list(values)}
        for column, values in entry.get("where", {}).items()
    ]
    common = {"adhoc_filters": filters, "adhoc_filters_b": filters, "row_limit": 1000}
    params = common | entry.get("params", {})
    viz_type = entry["viz_type"]
    if viz_type == "rows":
        viz_type, params = "handlebars", as_template(file, params)
    elif viz_type == "panels":
        viz_type, params = "handlebars", as_panels(file, params)
    if params.get("opens"):
        params = opened(params)
    if template := params.get("handlebarsTemplate"):
        # It is read as Markdown: an indented or empty line would end the HTML.
        params["handlebarsTemplate"] = " ".join(line.strip() for line in template.splitlines() if line.strip())
    if unknown := columns_used(params) - dataset["columns"].keys() - dataset.get("metrics", {}).keys():
        raise BundleError(file, f"uses what dataset {entry['dataset']} does not have: {', '.join(sorted(unknown))}")
    return _common(entry) | {
        "slice_name": entry["name"],
        "description": entry["description"],
        "viz_type": viz_type,
        "params": params | {"viz_type": viz_type},
        "query_context": json.dumps(query_context(params), ensure_ascii=False),
        "dataset_uuid": dataset["uuid"],
    }


def _like(file: str, entry: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """The entry laid over the one it starts from; `params` are merged key by key, all else is replaced."""
    if "like" not in entry:
        return entry
    if entry["like"] not in tree["charts"]:
        raise BundleError(file, f"is like a chart that is not there: {entry['like']}")
    base = _like(file, tree["charts"][entry["like"]], tree)
    return base | entry | {"params": base.get("params", {}) | entry.get("params", {})}


def _dashboard(
    stem: str, entry: dict[str, Any], charts: Mapping[str, dict[str, Any]], datasets: Datasets, links: str, styles: str
) -> dict[str, Any]:
    cells = [one for row in entry["rows"] for cell in row for one in cell.get("stack", [cell])]
    placed = [cell["chart"] for cell in cells if "chart" in cell]
    for name in placed:
        if name not in charts:
            raise BundleError(f"dashboards/{stem}.yaml", f"places a chart that is not there: {name}")
    wide = [row for row in entry["rows"] if sum(cell["width"] for cell in row) != 12]
    if wide:
        raise BundleError(f"dashboards/{stem}.yaml", f"has a row that is not twelve columns wide: {wide[0]}")
    layout = position(entry, charts, links)
    filters = native_filters(f"dashboards/{stem}.yaml", entry, datasets)
    return _common(entry) | {
        "dashboard_title": entry["title"],
        "slug": entry["slug"],
        "css": styles,
        "published": True,
        "position": layout,
        "metadata": {
            "cross_filters_enabled": bool(filters),
            "filter_bar_orientation": "HORIZONTAL",
            "color_scheme": "huanxin",
            "label_colors": SERIES_COLORS,
            # Kept as the browser would work them out: where they differ it writes them back, which a leader may not.
            "color_scheme_domain": COLORS["colors"],
            "shared_label_colors": _shared([charts[name]["params"] for name in placed]),
            "map_label_colors": {},
            "native_filter_configuration": filters,
        },
    }


def _shared(params: list[dict[str, Any]]) -> list[str]:
    """The series that more than one chart of a page draws."""
    plain = [one for one in params if not one.get("groupby")]
    drawn = [label for one in plain for key in ("metrics", "metrics_b") for label in one.get(key, [])]
    return sorted({label for label in drawn if drawn.count(label) > 1})


def _common(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What every asset carries. `is_managed_externally` is also how the provisioner knows its own: others are left alone."""
    return {"uuid": entry["uuid"], "version": VERSION, "is_managed_externally": True}
