"""One dataset broken down by several dimensions, a panel of bars for each, as one Handlebars template.

In the tree a chart of `viz_type: panels` names its panels: `{dimension: {title, note, also}}`, where `also` is a further metric
of each bar with its number format and unit. As a chart of its own each panel would cost Superset another question and the
browser another drawing (docs/performance.md).
"""

from collections.abc import Mapping
from typing import Any

from rows import PATTERNS, number
from tree import BundleError

ORDER, SHARE, LENGTH = "次序", "分列占比", "条长"
"""Metrics of the dataset: what a panel's bars are ordered by, their share of its whole and of its longest, in percent."""


def as_panels(file: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with a template in place of `panels`. Raises BundleError for a number format it does not know."""
    if unknown := {how["also"][1] for how in params["panels"].values() if "also" in how} - PATTERNS.keys():
        raise BundleError(file, f"panels write numbers as {' or '.join(PATTERNS)}, not {', '.join(sorted(unknown))}")
    unit = params["unit"]
    panels = "".join(_panel(dimension, how, unit) for dimension, how in params["panels"].items())
    more = [how["also"][0] for how in params["panels"].values() if "also" in how]
    kept = {key: value for key, value in params.items() if key not in ("panels", "unit")}
    return kept | {
        "query_mode": "aggregate",
        "groupby": ["facet", "label"],
        "metrics": [ORDER, unit, SHARE, LENGTH, *more],  # the plugin orders by the first
        "handlebarsTemplate": f'<div class="hx-panels">{panels}</div>',
    }


def _panel(dimension: str, how: Mapping[str, Any], unit: str) -> str:
    figures = f"<b>{{{{formatNumber this.[{unit}]}}}}</b> {unit} · {number(SHARE, ',.1f')}%"
    track = f'<span class="hx-track hx-thin"><span class="hx-bar" style="width: {{{{this.[{LENGTH}]}}}}%"></span></span>'
    if "also" in how:
        metric, format_, word = how["also"]
        track = f'<span class="hx-also">{track}<span>{number(metric, format_)} {word}</span></span>'
    bar = f'<span class="hx-item"><span>{{{{this.label}}}}</span><span>{figures}</span></span>{track}'
    head = f'<span class="hx-card-title">{how["title"]}</span><span class="hx-card-line">{how["note"]}</span>'
    bars = f"{{{{#each data}}}}{{{{#if (eq this.facet '{dimension}')}}}}{bar}{{{{/if}}}}{{{{/each}}}}"
    kind = "hx-panel hx-panel-also" if "also" in how else "hx-panel"
    return f'<div class="{kind}">{head}{bars}</div>'
