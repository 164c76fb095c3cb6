"""How long pages take: each page's full drawing in Chromium beside an empty Superset dashboard, and every chart's query cold.

`python -m benchmarks.pages --rounds 5` on a running stack. Rounds are interleaved, an empty dashboard before each page, so that
noise of the machine meets both. The goals: a page within 1.5 × the empty dashboard's time plus 1 s; a query's p95 below 500 ms.
"""

import argparse
import math
import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Page

from huanxin.settings import Settings, settings
from tests.browser.screenshot import LOADING, signed_in
from warehouse.client import connection

EMPTY = "benchmark-empty"
DRAWN = """
selector => document.querySelector('.grid-container') !== null
  && document.querySelectorAll('.dashboard-component-chart-holder').length >= %d
  && document.querySelectorAll(selector).length === 0
"""


def main() -> None:
    """Measure and print one line for each page, one for each slow chart, and the two verdicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is drawn")
    parser.add_argument("--asked", type=int, default=20, help="how often each chart is asked for: of fewer, p95 is the slowest")
    arguments = parser.parse_args()
    chosen = settings()
    url = f"http://{chosen.host}:{chosen.superset_port}"
    slow = queries(chosen, url, arguments.asked)
    pages(chosen, url, arguments.rounds, slow)


def pages(chosen: Settings, url: str, rounds: int, slow: int) -> None:
    """Each page against the empty dashboard."""
    slugs = [row[0] for row in metadata(chosen, "SELECT slug FROM dashboards WHERE is_managed_externally ORDER BY id")]
    empty_id = make_empty(chosen, url)
    empty: list[float] = []
    full: dict[str, list[float]] = {slug: [] for slug in slugs}
    try:
        with signed_in(url, "leader", chosen.secrets.superset_leader) as page:
            page.set_viewport_size({"width": 1366, "height": 8000})  # charts are drawn as they come into sight
            for slug in [EMPTY, *slugs, *slugs]:
                drawing(page, url, slug)  # fills the browser's own cache of scripts; what is asked twice is kept ready
            for _ in range(rounds):
                for slug in slugs:
                    empty.append(drawing(page, url, EMPTY))
                    full[slug].append(drawing(page, url, slug))
    finally:
        with admin(chosen, url) as session:
            session.delete(f"/api/v1/dashboard/{empty_id}")
    base = statistics.median(empty)
    late = 0
    for slug, times in full.items():
        median, goal = statistics.median(times), 1.5 * base + 1
        late += median > goal
        print(f"page {slug:12} {median:6.2f} s, empty {base:.2f} s, goal {goal:.2f} s  {'' if median <= goal else 'SLOWER'}")
    print(f"{len(full) - late} of {len(full)} pages within 1.5 × empty + 1 s; {slow} charts' p95 above 500 ms")


def drawing(page: Page, url: str, slug: str) -> float:
    """Seconds from asking for a page until nothing on it is loading any more."""
    begun = time.perf_counter()
    page.goto(f"{url}/superset/dashboard/{slug}/", wait_until="commit")
    # Looked at 20 times a second: at every frame, looking was a tenth of the page's work.
    page.wait_for_function(DRAWN % (0 if slug == EMPTY else 1), arg=LOADING, timeout=120_000, polling=50)
    return time.perf_counter() - begun


def queries(chosen: Settings, url: str, rounds: int) -> int:
    """Every chart's query as the leader, never from the cache; how many have a p95 above half a second in ClickHouse."""
    charts = metadata(chosen, "SELECT slice_name, query_context FROM slices WHERE is_managed_externally ORDER BY id")
    asked: list[tuple[str, float, float]] = []
    with signed_in(url, "leader", chosen.secrets.superset_leader) as page:
        for _ in range(rounds):
            for name, context in charts:
                begun = time.time()
                answer = page.request.post(
                    f"{url}/api/v1/chart/data", data=context.replace('"force": false', '"force": true'),
                    headers={"Content-Type": "application/json"},
                )  # fmt: skip
                if not answer.ok:
                    raise SystemExit(f"{name}: {answer.text()[:300]}")
                asked.append((name, begun, time.time()))
    took = in_clickhouse(chosen, asked)
    p95: dict[str, float] = {}
    for name in dict.fromkeys(name for name, _, _ in asked):
        p95[name] = percentile([seconds for (one, _, _), seconds in zip(asked, took, strict=True) if one == name], 95)
    for name, seconds in sorted(p95.items(), key=lambda item: -item[1])[:10]:
        print(f"query {seconds * 1000:6.0f} ms p95  {name}")
    for where, times in (("in ClickHouse", took), ("asked of Superset", [end - begun for _, begun, end in asked])):
        print(f"{len(p95)} charts, {len(times)} queries cold, {where}: "
              f"p50 {percentile(times, 50) * 1000:.0f} ms, p95 {percentile(times, 95) * 1000:.0f} ms")  # fmt: skip
    return sum(seconds > 0.5 for seconds in p95.values())


def in_clickhouse(chosen: Settings, asked: Sequence[tuple[str, float, float]]) -> list[float]:
    """Seconds that ClickHouse took for each chart: its log of what began while the chart was asked for."""
    with connection(chosen, "admin") as client:
        client.execute("SYSTEM FLUSH LOGS")
        rows = client.execute(
            "SELECT toUnixTimestamp64Micro(query_start_time_microseconds) / 1e6 AS begun, query_duration_ms / 1e3 "
            "FROM system.query_log WHERE type = 'QueryFinish' "
            "AND interface = 2 AND query_kind = 'Select' AND begun BETWEEN %(first)s AND %(last)s "
            "AND position(query, ' ready */') = 0",  # what is asked in the background meanwhile
            {"first": asked[0][1], "last": asked[-1][2]},
        )
    return [sum(seconds for at, seconds in rows if begun <= at <= end) for _, begun, end in asked]


def percentile(times: Sequence[float], percent: int) -> float:
    """The value that so many in a hundred do not exceed."""
    return sorted(times)[max(0, math.ceil(len(times) * percent / 100) - 1)]


def make_empty(chosen: Settings, url: str) -> int:
    """A dashboard with nothing on it, which the leader owns so as to see it; returns its id."""
    ((owner,),) = metadata(chosen, "SELECT id FROM ab_user WHERE username = 'leader'")
    with admin(chosen, url) as session:
        body = {"dashboard_title": "空白页", "slug": EMPTY, "published": True, "owners": [owner]}
        answer = session.post("/api/v1/dashboard/", json=body)
        answer.raise_for_status()
        return int(answer.json()["id"])


@contextmanager
def admin(chosen: Settings, url: str) -> Iterator[httpx.Client]:
    """The administrator's session over the API."""
    with httpx.Client(base_url=url, timeout=60, headers={"Referer": url}) as session:
        body = {"username": "admin", "password": chosen.secrets.superset_admin, "provider": "db", "refresh": False}
        token = session.post("/api/v1/security/login", json=body).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        session.headers["X-CSRFToken"] = session.get("/api/v1/security/csrf_token/").json()["result"]
        yield session


def metadata(chosen: Settings, query: str) -> list[tuple[Any, ...]]:
    """Rows of Superset's metadata, local stack."""
    with sqlite3.connect(f"file:{chosen.home}/data/superset/superset.db?mode=ro", uri=True) as database:
        return list(database.execute(query))


if __name__ == "__main__":
    main()
