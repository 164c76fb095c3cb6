"""Each kind of account opens every page: Chinese throughout, nothing in error, no complaint, nothing of other departments."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="PLAYWRIGHT IS NOT INSTALLED: no page was looked at")

import yaml
from playwright.sync_api import sync_playwright

from huanxin.settings import CHECKOUT
from tests.access.sessions import superset_url
from tests.browser.screenshot import CHROMIUM, FLAGS, HEIGHT, WIDTH, open_page
from warehouse.seats import password, seats

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"CHROMIUM IS MISSING at {CHROMIUM}: no page was looked at"),
]

PAGES = sorted(
    yaml.safe_load(file.read_text("utf-8"))["slug"] for file in (CHECKOUT / "superset/assets/dashboards").glob("*.yaml")
)
LOOKERS = ("police", "auditor")
"""A department that sends data and the auditors; leaders are looked at page by page in test_pages.py."""
FAILED = "[data-test='chart-error'], .ant-alert-error, [class*='missing-chart']"
HINTS = "[...document.querySelectorAll('[title],[placeholder]')].map(e => e.title || e.placeholder || '').join('\\n')"
ENGLISH = set(Path(__file__).with_name("english.txt").read_text("utf-8").split())
"""What Superset says in English where its Chinese has nothing; none of it may stand on a page, in a menu or in a hint."""


@pytest.fixture(scope="module")
def looks(stack: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """(account, page) → its text with menus and hints, what failed, and the browser's complaints."""
    url, seen = superset_url(stack), {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for seat in LOOKERS:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            console: list[str] = []
            page.on("console", lambda said, to=console: to.append(said.text) if said.type == "error" else None)
            page.goto(f"{url}/login/")
            page.fill("#username", seat)
            page.fill("#password", password(stack.settings.secrets.seats_key, "superset", seat))
            page.click("button[type='submit'], [data-test='login-button']")
            page.wait_for_url(lambda address: "/login" not in address)
            for slug in PAGES:
                console.clear()
                open_page(page, url, slug)
                text = page.inner_text("body")
                if slug == PAGES[0]:
                    text += menus(page)
                hints = page.evaluate(HINTS)
                failed = page.locator(FAILED).all_inner_texts()
                complaints = [line for line in console if "scarf.sh" not in line]
                seen[seat, slug] = {"text": text, "hints": hints, "failed": failed, "console": complaints}
                page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            context.close()
        browser.close()
    return seen


def menus(page: Any) -> str:
    """What the page's own menus say once they are opened."""
    said = ""
    for opener in ("[data-test='actions-trigger']", "[aria-label*='ellipsis']", ".ant-menu-submenu-title"):
        for trigger in page.locator(opener).all()[:2]:
            if trigger.is_visible():
                trigger.hover()
                trigger.click(force=True)
                page.wait_for_timeout(400)
                said += "\n" + page.inner_text("body")
                page.keyboard.press("Escape")
    return said


def english(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{2,}", text)) & ENGLISH


@pytest.mark.parametrize("slug", PAGES)
@pytest.mark.parametrize("seat", LOOKERS)
def test_every_account_sees_chinese_pages_that_work(looks: Any, seat: str, slug: str) -> None:
    look = looks[seat, slug]
    assert look["failed"] == []
    assert english(look["text"]) == set()
    assert english(look["hints"]) == set()
    assert look["console"] == []


@pytest.mark.parametrize("slug", PAGES)
def test_a_department_sees_no_other_on_any_page(looks: Any, slug: str) -> None:
    """The plan's tasks name every department; figures do not."""
    others = {seat.name for seat in seats() if seat.is_department} - {"县公安局"}
    text = looks["police", slug]["text"]
    shown = {name for name in others if name in re.sub(r"口径说明.*", "", text, flags=re.S)}
    assert shown == set() or slug in ("tasks", "overview"), shown
