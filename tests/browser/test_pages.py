"""Opens every page as the leader does and holds what is drawn against ClickHouse."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

pytest.importorskip("playwright", reason="PLAYWRIGHT IS NOT INSTALLED: no page was looked at")

from benchmarks.latency import voided
from schemas.catalogue import example
from tests.browser.expected import DATA_DAY, FIGURES, MONTHS, NEWEST, OF_FACET, PAGES, PAID, TITLES, YEARS
from tests.browser.screenshot import CHROMIUM, open_page, signed_in
from tests.browser.seen import Seen, look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"CHROMIUM IS MISSING at {CHROMIUM}: no page was looked at"),
]


@dataclass(frozen=True)
class Looked:
    """The pages as drawn, and the figures that ClickHouse gave before and after they were drawn."""

    pages: dict[str, Seen]
    figures: dict[str, list[str]]
    """Page → each of its figures, as it must be said."""


@pytest.fixture(scope="module")
def looked(stack: Any) -> Looked:
    """Look until nothing changed meanwhile: what other tests sent and voided may still be judged, seconds after it landed."""
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    for _ in range(3):
        stack.refresh()
        before = figures(stack)
        with signed_in(url, "leader", stack.leader_password) as page:
            seen = look(page, url, PAGES)
        if figures(stack) == before:
            return Looked(seen, before)
    raise AssertionError("the figures changed in each of three looks")


@pytest.fixture(scope="module")
def pages(looked: Looked) -> dict[str, Seen]:
    return looked.pages


def figures(stack: Any) -> dict[str, list[str]]:
    return {slug: [said.format(only(stack.clickhouse(query))) for said, query in asked] for slug, asked in FIGURES.items()}


def only(rows: list[tuple[Any, ...]]) -> Any:
    ((value,),) = rows
    return value


@pytest.mark.parametrize("slug", PAGES)
def test_titles_are_there(pages: dict[str, Seen], slug: str) -> None:
    assert TITLES[slug] <= pages[slug].titles
    assert all(title in pages[slug].text for title in PAGES.values()), "each page links to the others"


@pytest.mark.parametrize("slug", PAGES)
def test_every_chart_is_drawn(pages: dict[str, Seen], slug: str) -> None:
    seen = pages[slug]
    assert seen.failed == []
    assert seen.drawn == seen.charts > 0
    assert seen.overflowing == [], "text is cut off"


@pytest.mark.parametrize("slug", PAGES)
def test_nothing_is_left_in_english(pages: dict[str, Seen], slug: str) -> None:
    # Codes such as (K/H/Q/Z/N) or A级 are one letter, a weighbridge is GX-01; any other longer word was not translated.
    assert re.findall(r"[A-Za-z]{2,}", re.sub(r"\bG[CX]-[A-Z]*\d+", "", pages[slug].text)) == []


@pytest.mark.parametrize("slug", PAGES)
def test_the_browser_has_no_complaint(pages: dict[str, Seen], slug: str) -> None:
    assert pages[slug].complaints == []
    assert pages[slug].elsewhere == [], "the page fetched something from another host"


def test_numbers_equal_clickhouse(pages: dict[str, Seen], stack: Any) -> None:
    units = dict(stack.clickhouse("SELECT target, unit FROM mart.target"))
    for target, actual, ratio in stack.clickhouse(NEWEST):
        digits = {"万元": 2, "%": 1}.get(units[target], 0)
        for slug in ("overview", "targets"):
            assert f"{actual + 1e-7:,.{digits}f}" in pages[slug].text, (slug, target)
            assert f"{int(ratio * 1000) / 10:.1f}%" in pages[slug].text, (slug, target)
    ((paid,),) = stack.clickhouse(PAID)
    assert f"{paid + 1e-7:,.2f} 万元" in pages["overview"].text


def test_each_target_s_columns_say_what_clickhouse_has(pages: dict[str, Seen], stack: Any) -> None:
    units = dict(stack.clickhouse("SELECT target, unit FROM mart.target WHERE kind != 'trend'"))
    months = [row for row in stack.clickhouse(MONTHS) if row[0] in units]
    years = [row for row in stack.clickhouse(YEARS) if row[0] in units]
    assert len(months) > 12 * len(units) / 2
    assert len(years) >= 2 * len(units)
    for target, year, month, actual, path in months:
        digits = 1 if units[target] == "%" else 0
        said = f"{year}年{month}月:实际 {actual + 1e-7:,.{digits}f},路径 {path + 1e-7:,.{digits}f} {units[target]}"
        assert said in pages["targets"].said, target
    for target, year, *forecast in years:
        expected, low, high = (f"{figure + 1e-7:,.{1 if units[target] == '%' else 0}f}" for figure in forecast)
        assert f"{year}年:推算 {expected}({low} 至 {high}),路径 " in pages["targets"].said, target


def test_the_overview_s_lines_say_each_month_alone(pages: dict[str, Seen], stack: Any) -> None:
    reached = {(target, year, month): actual for target, year, month, actual, _ in stack.clickhouse(MONTHS)}
    newest = max(year for _, year, _ in reached)
    for target, unit in stack.clickhouse("SELECT target, unit FROM mart.target WHERE kind = 'stream'"):
        alone = reached[target, newest, 5] - reached[target, newest, 4]
        before = reached[target, newest - 1, 5] - reached[target, newest - 1, 4]
        assert f"5月:本年 {alone:,.0f},上年 {before:,.0f} {unit}" in pages["overview"].said


@pytest.mark.parametrize("facet", ["排放阶段", "回收企业"])
def test_a_panel_s_longest_bar_says_what_clickhouse_has(pages: dict[str, Seen], stack: Any, facet: str) -> None:
    pieces = [row for (row,) in stack.clickhouse(OF_FACET.format("scrappage.certified", facet))]
    assert f"{max(pieces):,.0f} 辆 · {100 * max(pieces) / sum(pieces):.1f}%" in pages["scrap"].text


@pytest.mark.parametrize("slug", FIGURES)
def test_each_page_s_figures_equal_clickhouse(looked: Looked, slug: str) -> None:
    text = re.sub(r"\s+", " ", looked.pages[slug].text)
    assert [figure for figure in looked.figures[slug] if figure not in text] == []


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_says_until_when_and_what_is_synthetic(pages: dict[str, Seen], stack: Any, slug: str) -> None:
    ((day,),) = stack.clickhouse(DATA_DAY)
    assert f"数据截至 {day.year}年{day.month}月{day.day}日" in pages[slug].text
    ((synthetic,),) = stack.clickhouse("SELECT countIf(synthetic) FROM ops.source")
    assert (f"{synthetic} 个为合成数据" in pages[slug].text) == (synthetic > 0)


def test_the_leader_can_only_read(stack: Any) -> None:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    with signed_in(url, "leader", stack.leader_password) as page:
        for path in ("/sqllab/", "/superset/explore/?slice_id=1", "/api/v1/database/", "/api/v1/dataset/", "/api/v1/query/"):
            answer = page.request.get(url + path)
            led_back = answer.url.endswith("/superset/dashboard/overview/?uiConfig=8")
            assert answer.status == 403 or led_back, path
        refused = page.request.delete(f"{url}/api/v1/dashboard/1", max_redirects=0)
        assert refused.status in (302, 400, 401, 403), "a page can be deleted"


def test_charts_have_no_menus_and_the_address_keeps_what_it_said(stack: Any) -> None:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    with signed_in(url, "leader", stack.leader_password) as page:
        page.goto(f"{url}/superset/dashboard/overview/?standalone=2")
        page.wait_for_selector(".grid-container .dashboard-component-chart-holder", timeout=60_000)
        assert parse_qs(urlsplit(page.url).query) == {"standalone": ["2"], "uiConfig": ["8"]}
        assert page.locator(".dashboard-component-chart-holder .header-controls *").count() == 0


def test_the_sign_in_page_is_chinese(stack: Any) -> None:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    with signed_in(url, "leader", stack.leader_password) as page:
        page.goto(f"{url}/logout/")
        page.wait_for_selector("#username")
        page.wait_for_timeout(1_000)
        assert re.findall(r"[A-Za-z]{2,}", page.inner_text("body")) == []


def test_a_new_event_shows_on_the_page_after_its_refresh(stack: Any) -> None:
    """A payout lands in the newest year; reloading the page, as its leader would, shows the new sum."""
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    ((day,),) = stack.clickhouse("SELECT toLastDayOfMonth(month) FROM mart.data_month")
    document = payout(day, "REFRESH-1")
    with signed_in(url, "leader", stack.leader_password) as page:
        send(stack, document)
        stack.wait_until_landed()
        ((paid,),) = stack.clickhouse(PAID)
        wanted = f"{paid + 1e-7:,.2f} 万元"
        for _ in range(20):  # answers are given for most of a minute
            open_page(page, url, "overview")
            if wanted in page.inner_text(".dashboard"):
                break
            page.wait_for_timeout(3_000)
        assert wanted in page.inner_text(".dashboard")
    send(stack, voided(document))
    stack.wait_until_landed()


def payout(day: date, number: str) -> dict[str, Any]:
    """The example payout, moved to a day under a number of its own; 123,456.78 yuan."""
    document = example("subsidy.paid")
    when = f"{day}T10:00:00+08:00"
    data = document["data"] | {"pay_no": number, "paid_at": when, "amount_yuan": "123456.78", "pay_result": "成功"}
    return document | {"time": when, "data": data}


def send(stack: Any, document: dict[str, Any]) -> None:
    headers = stack.headers(document["source"])
    answer = httpx.post(f"{stack.urls['gateway']}/v1/events", json=document, headers=headers, timeout=30)
    assert answer.json()["accepted"] == 1, answer.text
