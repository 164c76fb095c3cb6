"""A table of rows as the template a browser gets."""

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("superset_code")
PARAMS: dict[str, Any] = {
    "query_mode": "aggregate",
    "groupby": ["item"],
    "metrics": ["净拨付"],
    "column_config": {"item": {"customColumnName": "补贴项目"}, "净拨付": {"d3NumberFormat": ",.2f"}},
}


def test_columns_in_order_each_headed_and_written_as_it_says() -> None:
    from rows import as_template  # type: ignore[import-not-found]

    params = as_template("charts/items.yaml", PARAMS)
    assert params["handlebarsTemplate"] == (
        '<div class="hx-rows"><table><thead><tr><th>补贴项目</th><th class="hx-number">净拨付</th></tr></thead>'
        "<tbody>{{#each data}}<tr><td>{{this.[item]}}</td>"
        '<td class="hx-number">{{formatCurrency this.[净拨付] pattern="#,##0.00"}}</td></tr>{{/each}}</tbody></table></div>'
    )
    assert {key: params[key] for key in ("query_mode", "groupby", "metrics")} == {
        key: PARAMS[key] for key in ("query_mode", "groupby", "metrics")
    }


def test_a_number_it_cannot_write_names_the_file_and_the_column() -> None:
    from rows import as_template

    params = PARAMS | {"column_config": {"净拨付": {"d3NumberFormat": ".3s"}}}
    with pytest.raises(Exception, match=r"charts/items\.yaml: rows write numbers as .* not so 净拨付") as caught:
        as_template("charts/items.yaml", params)
    assert type(caught.value).__name__ == "BundleError"


def test_totals_stand_below_the_metrics_they_are_of() -> None:
    from rows import as_template

    params = as_template("charts/items.yaml", PARAMS | {"show_totals": True})
    assert params["metrics"] == ["净拨付", "合计净拨付"]
    assert "show_totals" not in params
    assert params["handlebarsTemplate"].endswith(
        '{{/each}}</tbody>{{#with data.[0]}}<tfoot><tr><td colspan="1">合计</td>'
        '<td class="hx-number">{{formatCurrency this.[合计净拨付] pattern="#,##0.00"}}</td></tr></tfoot>{{/with}}</table></div>'
    )
