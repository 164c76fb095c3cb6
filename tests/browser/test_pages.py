"""Opens every page as the leader does and holds what is drawn against ClickHouse."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("playwright", reason="PLAYWRIGHT IS NOT INSTALLED: no page was looked at")

from playwright.sync_api import Page

from benchmarks.latency import voided
from schemas.catalogue import example
from tests.browser.screenshot import CHROMIUM, leader, open_page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"CHROMIUM IS MISSING at {CHROMIUM}: no page was looked at"),
]

PAGES = {
    "overview": "总览驾驶舱",
    "targets": "目标进度",
    "tasks": "十五项任务清单",
    "scrap": "汽车报废与更新",
    "usedcar": "二手车流通",
    "recycling": "再生资源回收",
    "subsidy": "补贴资金监管",
    "findings": "异常核查台账",
    "investment": "设备投资(七领域)",
    "quality": "数据质量与报送",
}
TITLES = {
    "overview": {
        "六项目标与序时路径之比(%)",
        "实际、序时路径与2027年目标",
        "本年补贴净拨付(万元)",
        "报废汽车回收量(辆,按月)",
        "二手车交易量(辆,按月)",
        "废旧家电回收量(件,按月)",
        "各部门待核查的异常(件)",
        "各来源报送情况",
    },
    "targets": {"设备投资规模:现在与2027年", "报废汽车回收量本年累计与序时路径(辆,按月)", "再生材料占比(%,本年按月)"},
    "tasks": {"任务与月份", "逾期未报", "任务与报送部门的按时率(%)", "本期应报"},
    "scrap": {
        "报废汽车回收量(辆,按月)",
        "从交车到拨付",
        "报废汽车的排放阶段(辆)",
        "新能源占新车比重(%,按月)",
        "按回收企业",
        "按登记地",
    },
    "usedcar": {
        "二手车交易量(辆,按月)",
        "县际流向(辆)",
        "成交价格分布(辆)",
        "成交车龄分布(辆)",
        "按交易市场",
        "与二手车有关的核查",
    },
    "recycling": {
        "再生资源回收量(吨,按月)",
        "废旧家电回收量(件,按月)",
        "每辆报废汽车过磅净重(公斤,按月)",
        "站点明细",
        "与过磅有关的核查",
    },
    "subsidy": {"从首次拨付到净拨付(万元)", "各资金来源预算执行", "净拨付(万元,按月)", "按补贴项目", "各项目办理天数"},
    "findings": {"各规则的发现与核实"},
    "investment": {
        "七个领域与序时路径之比(%)",
        "各领域实际、序时路径与2027年目标",
        "设备投资(万元,按月)",
        "各领域报送、审定情况",
    },
    "quality": {"按时报送日历(%,最近一个整月)", "各来源收到、入库、重复、拒收", "拒收原因", "质量检查"},
}
FAILED = "[data-test='chart-error'], .ant-alert-error, .ant-empty, [class*='EmptyStateContainer'], [class*='missing-chart']"
DATA_DAY = "SELECT max(day) FROM mart.daily WHERE stream != 'indicator.reported'"
NEWEST = f"""
SELECT target, toFloat64(actual), ratio FROM mart.target_progress
WHERE target LIKE 'T%' AND (target IN (SELECT target FROM mart.target WHERE kind != 'stream')
    OR toLastDayOfMonth(toDate(concat(period, '-01'))) <= ({DATA_DAY}))
ORDER BY target, period DESC LIMIT 1 BY target"""
"""Each target's last whole month: what the pages judge by."""
PAID = """
SELECT toFloat64(sum(amount_yuan)) / 10000 FROM mart.daily
WHERE stream = 'subsidy.paid'
AND toYear(day) = (SELECT toYear(month) FROM mart.data_month)
AND day <= (SELECT toLastDayOfMonth(month) FROM mart.data_month)"""


class Seen:
    """One page as it was drawn, and what the browser complained of."""

    def __init__(self, page: Page, url: str, slug: str) -> None:
        self.console: list[str] = []
        self.fetched: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("requestfinished", lambda request: self.fetched.append(request.url))
        open_page(page, url, slug)
        self.text = page.inner_text(".dashboard")
        self.titles = set(page.locator(".grid-container [data-test='slice-header']").all_inner_texts())
        self.failed = page.locator(FAILED).all_inner_texts()
        self.charts = page.locator(".grid-container [data-test='chart-grid-component']").count()
        self.drawn = page.evaluate(
            "[...document.querySelectorAll('.grid-container [data-test=\"chart-grid-component\"]')]"
            ".filter(chart => chart.querySelector('canvas, [class^=hx-], table tbody tr')).length"
        )
        self.overflowing = page.evaluate(
            "[...document.querySelectorAll('.handlebars > div')].filter(tile => tile.scrollHeight > tile.clientHeight + 2)"
            ".map(tile => tile.innerText.slice(0, 40))"
        )
        self.elsewhere = [address for address in self.fetched if not address.startswith((url, "data:", "blob:"))]


@pytest.fixture(scope="module")
def pages(stack: Any) -> dict[str, Seen]:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    seen = {}
    for slug in PAGES:
        with leader(url, stack.leader_password) as page:
            seen[slug] = Seen(page, url, slug)
    return seen


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
    # The front end is built with a telemetry pixel; that the policy refuses it is what is wanted.
    assert [line for line in pages[slug].console if "scarf.sh" not in line] == []
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


FIGURES = {
    "scrap": (
        ("{:,.0f} 辆", "SELECT this_year['scrapped'] FROM mart.measures_now"),
        ("{:,.0f} 辆", "SELECT sum(pieces) FROM mart.daily WHERE stream = 'newcar.registered' AND toYear(day) = 2024"),
    ),
    "usedcar": (
        (
            "{:,.0f} 辆",
            "SELECT count() FROM landing.usedcar_transferred_current WHERE status != 'voided' AND toYear(day) = 2024",
        ),
        ("{:,.2f} 万元", "SELECT this_year['transferred_yuan'] / 10000 FROM mart.measures_now"),
    ),
    "recycling": (
        (
            "{:,.1f} 吨",
            "SELECT sumIf(net_kg, direction = '收') / 1000 FROM landing.recycling_weighed_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
    ),
    "investment": (
        (
            "{:,.2f} 万元",
            "SELECT sum(value) FROM mart.indicator WHERE startsWith(indicator_code, 'T1.') AND period = '2024-12'",
        ),
    ),
    "subsidy": (
        (
            "{:,.2f} 万元",
            "SELECT toFloat64(sumIf(amount_yuan, pay_result = '成功')) / 10000 + 1e-7 FROM landing.subsidy_paid_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
        (
            "{:,.2f} 万元",
            "SELECT toFloat64(-sumIf(amount_yuan, payout_kind = 'refund')) / 10000 + 1e-7 FROM landing.subsidy_paid_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
    ),
    "findings": (
        ("{:,d} 件", "SELECT countIf(status = 'open' AND disposition = '' AND severity = 'R') FROM mart.finding"),
        ("{:,d} 件", "SELECT countIf(status = 'open' AND disposition = '') FROM mart.finding"),
    ),
    "tasks": (("{:d} 项次", "SELECT countIf(state = '逾期未报') FROM mart.task_matrix"),),
}
"""What a page must say, counted apart from the way it counts."""


@pytest.mark.parametrize("slug", FIGURES)
def test_each_page_s_figures_equal_clickhouse(pages: dict[str, Seen], stack: Any, slug: str) -> None:
    text = re.sub(r"\s+", " ", pages[slug].text)
    for said, query in FIGURES[slug]:
        ((value,),) = stack.clickhouse(query)
        assert said.format(value) in text, (said.format(value), query)


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_says_until_when_and_what_is_synthetic(pages: dict[str, Seen], stack: Any, slug: str) -> None:
    ((day,),) = stack.clickhouse(DATA_DAY)
    assert f"数据截至 {day.year}年{day.month}月{day.day}日" in pages[slug].text
    ((synthetic,),) = stack.clickhouse("SELECT countIf(synthetic) FROM ops.source")
    assert (f"{synthetic} 个为合成数据" in pages[slug].text) == (synthetic > 0)


def test_the_leader_can_only_read(stack: Any) -> None:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    with leader(url, stack.leader_password) as page:
        for path in ("/sqllab/", "/superset/explore/?slice_id=1", "/api/v1/database/", "/api/v1/dataset/", "/api/v1/query/"):
            answer = page.request.get(url + path)
            led_back = answer.url.endswith("/superset/dashboard/overview/")
            assert answer.status == 403 or led_back, path
        refused = page.request.delete(f"{url}/api/v1/dashboard/1", max_redirects=0)
        assert refused.status in (302, 400, 401, 403), "a page can be deleted"


def test_the_sign_in_page_is_chinese(stack: Any) -> None:
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    with leader(url, stack.leader_password) as page:
        page.goto(f"{url}/logout/")
        page.wait_for_selector("#username")
        page.wait_for_timeout(1_000)
        assert re.findall(r"[A-Za-z]{2,}", page.inner_text("body")) == []


def test_a_new_event_shows_on_the_page_after_its_refresh(stack: Any) -> None:
    """A payout lands in the newest year; reloading the page, as its leader would, shows the new sum."""
    url = stack.urls["superset"].split("/superset/")[0].rstrip("/")
    ((day,),) = stack.clickhouse("SELECT toLastDayOfMonth(month) FROM mart.data_month")
    document = payout(day, "REFRESH-1")
    with leader(url, stack.leader_password) as page:
        send(stack, document)
        stack.wait_until_landed()
        ((paid,),) = stack.clickhouse(PAID)
        wanted = f"{paid + 1e-7:,.2f} 万元"
        for _ in range(12):  # the result cache may hold the old figure for 30 s
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
