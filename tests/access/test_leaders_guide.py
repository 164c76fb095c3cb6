"""The leaders' guide names pages and charts as they are."""

import re

import pytest

from huanxin.settings import CHECKOUT

pytestmark = pytest.mark.usefixtures("superset_code")
GUIDE = (CHECKOUT / "docs" / "leaders.zh.md").read_text(encoding="utf-8")
WORDS = {"", "数据截至", "汇总于", "演示数据", "口径说明", "应用", "清除所有", "点一条,全页只看", "数据未能读取", "···"}
"""What it quotes that is no title: words of the first line, of buttons, of hints."""


def test_whatever_it_quotes_is_a_page_a_chart_or_a_word_on_them() -> None:
    from tree import read_tree  # type: ignore[import-not-found]

    tree = read_tree()
    pages = {page["title"] for page in tree["dashboards"].values()}
    charts = {chart["name"] for chart in tree["charts"].values() if "name" in chart}
    quoted = set(re.findall(r"「([^」]*)」", GUIDE))
    assert quoted - pages - charts == WORDS
    assert pages <= quoted, "it leaves a page out"


def test_both_readmes_lead_to_it() -> None:
    for readme in ("README.md", "README.zh.md"):
        assert "docs/leaders.zh.md" in (CHECKOUT / readme).read_text(encoding="utf-8")
