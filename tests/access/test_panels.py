"""Several dimensions of a dataset in one chart, as the template a browser gets."""

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("superset_code")
PARAMS: dict[str, Any] = {
    "unit": "辆",
    "panels": {
        "车龄": {"title": "车龄(辆)", "note": "整年数"},
        "回收企业": {"title": "按回收企业", "note": "每辆", "also": ["平均整备质量", ",.1f", "公斤"]},
    },
}


def test_each_panel_shows_the_bars_of_its_dimension_only() -> None:
    from panels import as_panels  # type: ignore[import-not-found]

    params = as_panels("charts/facets.yaml", PARAMS)
    first, second = params["handlebarsTemplate"].split('<div class="hx-panel')[2:]
    assert "车龄(辆)" in first
    assert "{{#if (eq this.facet '车龄')}}" in first
    assert "公斤" not in first
    assert "{{#if (eq this.facet '回收企业')}}" in second
    assert '<span>{{formatCurrency this.[平均整备质量] pattern="#,##0.0"}} 公斤</span>' in second


def test_it_asks_once_for_all_panels_and_in_their_order() -> None:
    from panels import as_panels

    params = as_panels("charts/facets.yaml", PARAMS)
    assert params["groupby"] == ["facet", "label"]
    assert params["metrics"] == ["次序", "辆", "分列占比", "条长", "平均整备质量"]
    assert not {"panels", "unit"} & params.keys()


def test_a_number_it_cannot_write_names_the_file() -> None:
    from panels import as_panels

    panels = {"车龄": {"title": "", "note": "", "also": ["辆", ".3s", ""]}}
    with pytest.raises(Exception, match=r"charts/facets\.yaml: panels write numbers as .* not \.3s"):
        as_panels("charts/facets.yaml", PARAMS | {"panels": panels})
