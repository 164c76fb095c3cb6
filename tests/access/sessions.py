"""Signing in to Superset as a browser does, and asking ClickHouse as one seat, over HTTP and over the native protocol."""

import re
import sqlite3
from typing import Any

import httpx
from clickhouse_driver import Client

from tests.conftest import Stack
from warehouse.seats import password


def superset_url(stack: Stack) -> str:
    return stack.urls["superset"].rstrip("/")


def sign_in(stack: Stack, seat: str) -> httpx.Client:
    """A session of one account, with the token its writes need."""
    client = httpx.Client(base_url=superset_url(stack), timeout=60, follow_redirects=False)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|"csrf_token": ?"([^"]+)"', client.get("/login/").text)
    given = {"leader": stack.settings.secrets.superset_leader, "admin": stack.settings.secrets.superset_admin}
    secret = given.get(seat) or password(stack.settings.secrets.seats_key, "superset", seat)
    form = {"username": seat, "password": secret, "csrf_token": next(filter(None, token.groups())) if token else ""}
    answer = client.post("/login/", data=form)
    assert answer.status_code == 302, answer.text[:300]
    assert "/login" not in answer.headers["location"], f"{seat} could not sign in"
    page = client.get("/superset/dashboard/overview/", follow_redirects=True).text
    if token := re.search(r'id="csrf_token"[^>]*value="([^"]+)"', page):
        client.headers.update({"X-CSRFToken": token[1], "Referer": superset_url(stack)})
    return client


def over_http(stack: Stack, seat: str, sql: str) -> httpx.Response:
    parameters = {"user": f"huanxin_{seat}", "password": password(stack.settings.secrets.seats_key, "clickhouse", seat)}
    return httpx.post(stack.urls["clickhouse_http"], params=parameters, content=sql.encode(), timeout=60)


def over_native(stack: Stack, seat: str, sql: str) -> Any:
    settings = stack.settings
    secret = password(settings.secrets.seats_key, "clickhouse", seat)
    client = Client(settings.clickhouse_host, settings.clickhouse_native_port, user=f"huanxin_{seat}", password=secret)
    try:
        return client.execute(sql)
    finally:
        client.disconnect()


def ids(stack: Stack) -> dict[str, int]:
    """Superset's ids of what the attempts aim at: the dataset of daily counts, a chart on it, a page, the database."""
    path = stack.settings.home / "data" / "superset" / "superset.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as metadata:
        one = {
            "dataset": "SELECT id FROM tables WHERE table_name = 'daily'",
            "chart": "SELECT min(s.id) FROM slices s JOIN tables t ON t.id = s.datasource_id WHERE t.table_name = 'daily'",
            "page": "SELECT id FROM dashboards WHERE slug = 'overview'",
            "base": "SELECT id FROM dbs",
        }
        found = {name: metadata.execute(query).fetchone()[0] for name, query in one.items()}
    metadata.close()
    return found


def chart_data(dataset: int, *, kind: str = "table", **query: Any) -> dict[str, Any]:
    """A request for a chart's data; what is given replaces the parts of its query, or the kind of answer."""
    answer = {key: query.pop(key) for key in ("result_type", "result_format", "force") if key in query}
    common = {"columns": ["department", "town"], "metrics": ["笔", "万元"], "filters": [], "extras": {}, "row_limit": 1000}
    return {
        "datasource": {"id": dataset, "type": kind},
        "queries": [common | {"time_range": "No filter"} | query],
        "result_type": "full",
        "result_format": "json",
        "force": True,
    } | answer


def adhoc(sql: str) -> dict[str, str]:
    """A metric of one's own."""
    return {"expressionType": "SQL", "sqlExpression": sql, "label": "x"}
