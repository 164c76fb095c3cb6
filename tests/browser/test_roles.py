"""Every kind of account opens every page: in Chinese, nothing in error, its own figures. Leaders: see test_pages.py."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="PLAYWRIGHT IS NOT INSTALLED: no page was looked at")

from tests.access.sessions import over_native, superset_url
from tests.browser.expected import FIGURES, PAGES, TITLES
from tests.browser.screenshot import CHROMIUM, signed_in
from tests.browser.seen import Seen, look
from warehouse.seats import password, seats

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"CHROMIUM IS MISSING at {CHROMIUM}: no page was looked at"),
]

ALL_ROWS = ("data", "auditor")
LOOKERS = ("police", *ALL_ROWS)
"""A department that sends data, the data team, the auditors."""
CASES = [(seat, slug) for seat in LOOKERS for slug in PAGES]
ENGLISH = set(Path(__file__).with_name("english.txt").read_text("utf-8").split())
"""What Superset says in English where its Chinese has nothing; none of it may stand on a page, in a bar or in a hint."""
OWN = [
    (slug, said, query)
    for slug in ("scrap", "usedcar", "tasks", "findings")
    for said, query in FIGURES[slug]
    if "landing." not in query
]
"""Figures that a department sees too, counted over its own rows."""


@pytest.fixture(scope="module")
def looks(stack: Any) -> dict[str, dict[str, Seen]]:
    """Account → page → what was seen; one sign-in for each account."""
    url, key = superset_url(stack), stack.settings.secrets.seats_key
    seen = {}
    stack.refresh()
    for seat in LOOKERS:
        with signed_in(url, seat, password(key, "superset", seat)) as page:
            seen[seat] = look(page, url, PAGES)
    return seen


@pytest.mark.parametrize(("seat", "slug"), CASES)
def test_pages_work_and_are_in_chinese(looks: Any, seat: str, slug: str) -> None:
    seen = looks[seat][slug]
    assert TITLES[slug] <= seen.titles
    assert set(re.findall(r"[A-Za-z]{2,}", seen.said)) & ENGLISH == set()
    assert seen.complaints == []
    assert seen.elsewhere == [], "the page fetched something from another host"
    if seat in ALL_ROWS:
        assert seen.failed == []
        assert seen.drawn == seen.charts > 0
    else:
        assert seen.broken == [], "what is not a department's own is empty, and never an error"


@pytest.mark.parametrize("seat", ALL_ROWS)
@pytest.mark.parametrize("slug", FIGURES)
def test_figures_equal_clickhouse(looks: Any, stack: Any, seat: str, slug: str) -> None:
    text = re.sub(r"\s+", " ", looks[seat][slug].text)
    for said, query in FIGURES[slug]:
        ((value,),) = stack.clickhouse(query)
        assert said.format(value) in text, (said.format(value), query)


@pytest.mark.parametrize(("slug", "said", "query"), OWN)
def test_a_department_s_figures_are_those_of_its_own_rows(looks: Any, stack: Any, slug: str, said: str, query: str) -> None:
    ((value,),) = over_native(stack, "police", query)
    assert said.format(value) in re.sub(r"\s+", " ", looks["police"][slug].text), (said.format(value), query)


@pytest.mark.parametrize("slug", PAGES)
def test_a_department_sees_no_other_on_any_page(looks: Any, slug: str) -> None:
    """The plan's tasks name every department, and so does the explanation of figures; figures do not."""
    others = {seat.name for seat in seats() if seat.is_department} - {"县公安局"}
    text = re.sub(r"口径说明.*", "", looks["police"][slug].text, flags=re.S)
    assert slug == "tasks" or {name for name in others if name in text} == set()
