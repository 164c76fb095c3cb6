"""Signs in as the leader and keeps each page as a full-page picture.

    python -m tests.browser.screenshot http://127.0.0.1:8088 docs/pages overview targets
    WIDTH=390 python -m tests.browser.screenshot …    # a phone; WIDTH=3840 HEIGHT=2160 FULLSCREEN=1: a wall

The password is read from HUANXIN_SUPERSET_LEADER_PASSWORD, so that it stands in no process list.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright
from tenacity import retry, retry_if_exception_type, stop_after_attempt

CHROMIUM = os.environ.get("HUANXIN_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH, HEIGHT = int(os.environ.get("WIDTH", "1366")), int(os.environ.get("HEIGHT", "768"))
FULLSCREEN = "?standalone=2" if os.environ.get("FULLSCREEN") else ""
LOADING = "[data-test='loading-indicator'], .loading, .ant-skeleton"


@contextmanager
def signed_in(url: str, user: str, password: str, width: int = WIDTH) -> Iterator[Page]:
    """A browser page signed in as one account, in Chinese and in the county's time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page = context.new_page()
        page.goto(f"{url}/login/", wait_until="networkidle")
        sign_in(page, user, password)
        yield page
        browser.close()


@retry(retry=retry_if_exception_type(TimeoutError), stop=stop_after_attempt(3), reraise=True)
def sign_in(page: Page, user: str, password: str) -> None:
    """Fill the form until it takes: the page's words come late on a busy machine, and empty a form that was filled before."""
    page.fill("#username", user)
    page.fill("#password", password)
    page.click("button[type='submit'], [data-test='login-button']")
    page.wait_for_url(lambda address: "/login" not in address, timeout=15_000)


def open_page(page: Page, url: str, slug: str) -> None:
    """Open one dashboard at its full height and wait until every chart is drawn."""
    page.goto(f"{url}/superset/dashboard/{slug}/{FULLSCREEN}")
    page.wait_for_selector(".grid-container .dashboard-component-chart-holder", timeout=60_000)
    # Charts are drawn as they come into sight: a window as tall as the page shows them all.
    tall = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(element => element.scrollHeight))")
    page.set_viewport_size(
        {"width": page.viewport_size["width"] if page.viewport_size else WIDTH, "height": min(tall + 40, 8000)}
    )
    page.wait_for_function(
        "selector => document.querySelectorAll('.dashboard-component-chart-holder').length > 0"
        " && document.querySelectorAll(selector).length === 0",
        arg=LOADING,
        timeout=120_000,
    )
    page.wait_for_timeout(2_000)  # the last chart's own drawing


def main(url: str, folder: str, *slugs: str) -> None:
    """Save `folder/SLUG.png` for each page."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with signed_in(url, "leader", os.environ["HUANXIN_SUPERSET_LEADER_PASSWORD"]) as page:
        for slug in slugs:
            open_page(page, url, slug)
            page.screenshot(path=f"{folder}/{slug}.png", full_page=True)
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


if __name__ == "__main__":
    main(*sys.argv[1:])
