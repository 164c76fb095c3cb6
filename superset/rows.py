"""A table as a Handlebars template, at less than half of what the table plugin costs a browser (docs/performance.md).

In the tree a chart of `viz_type: rows` reads like a `table`: its columns in order, and how each is headed and written. With
`show_totals` it ends with the metrics' totals, which the dataset gives in every row as `合计` and the metric's name.
"""

from collections.abc import Mapping
from typing import Any

from tree import BundleError

TOTAL = "合计"
PATTERNS = {",d": "#,##0.", ",.1f": "#,##0.0", ",.2f": "#,##0.00"}
"""A number format of d3, and the same as the template's formatter knows it."""


def as_template(file: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with a template in place of `column_config`. Raises BundleError for a number format it does not know."""
    config = params["column_config"]
    columns = params["all_columns"] if params["query_mode"] == "raw" else [*params["groupby"], *params["metrics"]]
    if unknown := {name for name in columns if config.get(name, {}).get("d3NumberFormat", ",d") not in PATTERNS}:
        raise BundleError(file, f"rows write numbers as {' or '.join(PATTERNS)}, not so {', '.join(sorted(unknown))}")
    written = [(name, config.get(name, {})) for name in columns]
    heads = "".join(f"<th{_kind(how)}>{how.get('customColumnName', name)}</th>" for name, how in written)
    cells = "".join(f"<td{_kind(how)}>{_cell(name, how)}</td>" for name, how in written)
    body = f"<tbody>{{{{#each data}}}}<tr>{cells}</tr>{{{{/each}}}}</tbody>"
    kept = {key: value for key, value in params.items() if key not in ("column_config", "show_totals")}
    if params.get("show_totals"):
        kept["metrics"] = [*params["metrics"], *(TOTAL + name for name in params["metrics"])]
        totals = "".join(
            f"<td{_kind(how)}>{_cell(TOTAL + name, how)}</td>" for name, how in written if name in params["metrics"]
        )
        groups = f'<td colspan="{len(params["groupby"])}">{TOTAL}</td>'
        body += f"{{{{#with data.[0]}}}}<tfoot><tr>{groups}{totals}</tr></tfoot>{{{{/with}}}}"
    table = f"<table><thead><tr>{heads}</tr></thead>{body}</table>"
    return kept | {"handlebarsTemplate": f'<div class="hx-rows">{table}</div>'}


def number(name: str, format_: str) -> str:
    """What a template writes a column's number with, by a number format of d3 that PATTERNS knows."""
    # The template's own formatter knows no decimals; this one writes a currency only where the pattern has a place for it.
    return f'{{{{formatCurrency this.[{name}] pattern="{PATTERNS[format_]}"}}}}'


def _kind(how: Mapping[str, str]) -> str:
    return ' class="hx-number"' if "d3NumberFormat" in how or how.get("horizontalAlign") == "right" else ""


def _cell(name: str, how: Mapping[str, str]) -> str:
    return number(name, how["d3NumberFormat"]) if "d3NumberFormat" in how else f"{{{{this.[{name}]}}}}"
