"""One page as a browser drew it."""

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.screenshot import open_page

BROKEN = "[data-test='chart-error'], .ant-alert-error, [class*='missing-chart']"
FAILED = f"{BROKEN}, .ant-empty, [class*='EmptyStateContainer']"
HINTS = "[...document.querySelectorAll('[title],[placeholder]')].map(e => e.title || e.placeholder || '').join('\\n')"


class Seen:
    """Text, titles and charts of one page, what failed, and what the browser complained of.

    `text` is the page's own, `said` all that the window says, in bars and hints too.
    """

    def __init__(self, page: Page, url: str, slug: str) -> None:
        self.console: list[str] = []
        self.fetched: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("requestfinished", lambda request: self.fetched.append(request.url))
        open_page(page, url, slug)
        self.text = page.inner_text(".dashboard")
        self.said = page.inner_text("body") + "\n" + page.evaluate(HINTS)
        self.titles = set(page.locator(".grid-container [data-test='slice-header']").all_inner_texts())
        self.broken = page.locator(BROKEN).all_inner_texts()
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
        # The front end is built with a telemetry pixel; that the policy refuses it is what is wanted.
        self.complaints = [line for line in self.console if "scarf.sh" not in line]
        self.elsewhere = [address for address in self.fetched if not address.startswith((url, "data:", "blob:"))]


def look(page: Page, url: str, slugs: Iterable[str]) -> dict[str, Seen]:
    """Each page in a tab of its own, in one signed-in browser."""
    seen = {}
    for slug in slugs:
        tab = page.context.new_page()
        seen[slug] = Seen(tab, url, slug)
        tab.close()
    return seen
