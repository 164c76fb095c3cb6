"""No department sees another's row, count or value, whatever it asks and wherever: the attempts are attempts.yaml."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.access.marks import Marks
from tests.access.sessions import adhoc, chart_data, ids, over_http, over_native, sign_in, superset_url
from tests.conftest import Stack
from warehouse.seats import EVERYTHING, seats

pytestmark = pytest.mark.stack

ATTEMPTS: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("attempts.yaml").read_text("utf-8"))
OWN, OTHER = "police", "finance"
DATA = "/api/v1/chart/data"
DEPARTMENTS = [seat for seat in seats() if seat.is_department]


@pytest.fixture(scope="module")
def marks(stack: Stack) -> Marks:
    stack.refresh()  # what is still on its way would make other sums later
    found = Marks(stack.clickhouse, "县公安局")
    assert len(found.numbers) > 10, "the county is loaded, so there is something to leak"
    return found


@pytest.fixture(scope="module")
def sessions(stack: Stack) -> Iterator[dict[str, httpx.Client]]:
    found = {seat: sign_in(stack, seat) for seat in (OWN, "leader", "data")}
    yield found
    for session in found.values():
        session.close()


@pytest.fixture(scope="module")
def aims(stack: Stack) -> dict[str, int]:
    return ids(stack)


def judge(attempt: dict[str, Any], answer: httpx.Response, marks: Marks, told_leader: httpx.Response | None = None) -> None:
    """Nothing of others in the answer; where leaders are shown it, the same request does show it to them."""
    assert marks.in_text(answer.text) == set(), f"LEAK by {attempt}: {answer.text[:500]}"
    assert answer.status_code < 500 or "error" in answer.text.lower(), answer.text[:300]
    if told_leader is not None:
        assert marks.in_text(told_leader.text), f"nothing is shown to leaders either, so {attempt} proves nothing"


@pytest.mark.parametrize("attempt", ATTEMPTS["clickhouse"], ids=lambda a: a["sql"][:60])
def test_asking_clickhouse(stack: Stack, marks: Marks, attempt: dict[str, Any]) -> None:
    answer = over_http(stack, OWN, attempt["sql"])
    leaders = over_http(stack, "leader", attempt["sql"]) if attempt.get("shown") else None
    assert marks.in_text(answer.text) == set(), f"LEAK: {answer.text[:500]}"
    assert "leak" not in answer.text.replace(attempt["sql"], "").replace("'leak'", "")
    if attempt.get("denied"):
        assert answer.status_code != 200, answer.text[:300]
    if leaders is not None:
        assert marks.in_text(leaders.text), leaders.text[:300]


@pytest.mark.parametrize("seat", DEPARTMENTS, ids=lambda seat: seat.id)
def test_each_department_asks_clickhouse_over_both_ways(stack: Stack, seat: Any) -> None:
    sql = "SELECT DISTINCT department FROM mart.daily UNION ALL SELECT DISTINCT department FROM ops.source"
    own = {(name,) for name in (seat.name, *seat.aliases)}
    has = stack.clickhouse("SELECT count() FROM ops.source WHERE department IN %(n)s", {"n": [n for (n,) in own]})[0][0]
    native = set(over_native(stack, seat.id, sql))
    assert native <= own
    assert {(line,) for line in over_http(stack, seat.id, sql).text.split()} == native
    assert bool(native) == bool(has), "a department that sends sees its own"
    for table in ("mart.daily_cell", "mart.facet_cell", "mart.finding_version", "landing.ledger", "ops.audit", "cases.link"):
        assert "ACCESS_DENIED" in over_http(stack, seat.id, f"SELECT count() FROM {table}").text


@pytest.mark.parametrize("kind", ["metrics", "columns", "where", "filters", "result_types"])
def test_asking_for_a_charts_data(sessions: Any, aims: Any, marks: Marks, kind: str) -> None:
    for attempt in ATTEMPTS[kind]:
        sql = attempt.get("sql", "")
        query = {
            "metrics": {"metrics": [adhoc(sql)], "columns": []},
            "columns": {"columns": [adhoc(sql)]},
            "where": {"extras": {"where": sql}},
            "filters": {"filters": [{key: attempt[key] for key in ("col", "op", "val") if key in attempt}]},
            "result_types": {key: attempt[key] for key in ("result_type", "result_format", "filters") if key in attempt},
        }[kind]
        request = chart_data(aims["dataset"], **query)
        leaders = sessions["leader"].post(DATA, json=request) if attempt.get("shown") else None
        judge(attempt, sessions[OWN].post(DATA, json=request), marks, leaders)


def test_a_department_sees_its_own(sessions: Any, aims: Any) -> None:
    answer = sessions[OWN].post(DATA, json=chart_data(aims["dataset"], columns=["department"]))
    (row,) = answer.json()["result"][0]["data"]
    assert row["department"] == "县公安局"
    assert row["笔"] > 1000


@pytest.mark.parametrize("datasource", ATTEMPTS["datasources"], ids=str)
def test_a_forged_datasource(sessions: Any, marks: Marks, datasource: dict[str, Any]) -> None:
    answer = sessions[OWN].post(DATA, json=chart_data(datasource["id"], kind=datasource["type"]))
    assert answer.status_code >= 400
    judge(datasource, answer, marks)


def test_the_result_that_leaders_have_cached(sessions: Any, aims: Any, marks: Marks) -> None:
    request = chart_data(aims["dataset"], force=False)
    first = sessions["leader"].post(DATA, json=request)
    again = sessions["leader"].post(DATA, json=request).json()["result"][0]
    assert again["is_cached"], "without a cached result this proves nothing"
    assert marks.in_text(first.text)
    judge(request, sessions[OWN].post(DATA, json=request), marks, first)
    judge(request, sessions[OWN].get(f"{DATA}/{again['cache_key']}"), marks)
    own = sessions[OWN].post(DATA, json=request).json()["result"][0]
    assert own["is_cached"]
    assert own["cache_key"] != again["cache_key"]


def test_the_answer_that_is_kept_ready_for_leaders(sessions: Any, aims: Any, marks: Marks) -> None:
    request = chart_data(aims["dataset"], force=False) | {"form_data": {"dashboardId": aims["page"]}}
    first, again = (sessions["leader"].post(DATA, json=request) for _ in range(2))
    assert "Age" in again.headers, "without an answer that was kept this proves nothing"
    assert again.text == first.text or "Age" in first.headers
    assert marks.in_text(again.text)
    own = [sessions[OWN].post(DATA, json=request) for _ in range(2)]
    assert "Age" in own[1].headers
    for answer in own:
        judge(request, answer, marks, again)
    nobody = httpx.post(str(sessions[OWN].base_url).rstrip("/") + DATA, json=request, timeout=60)
    assert nobody.status_code in (302, 401)
    assert marks.in_text(nobody.text) == set()


@pytest.mark.parametrize("attempt", ATTEMPTS["requests"], ids=lambda a: " ".join(map(str, next(iter(a.items()))))[:70])
def test_everything_else_superset_answers(sessions: Any, aims: Any, marks: Marks, attempt: dict[str, Any]) -> None:
    method = next(name for name in ("get", "post", "put", "delete") if name in attempt)
    path = attempt[method]
    for name, number in aims.items():
        path = path.replace(f"{{{name}}}", str(number))
    answer = sessions[OWN].request(method, path, json=attempt.get("json"))
    if attempt.get("definitions"):
        assert marks.in_text(answer.text, names=False) == set()
        return
    judge(attempt, answer, marks)
    if not attempt.get("open"):
        refused = answer.status_code in (400, 401, 403, 404, 405, 422) or (
            answer.status_code == 302 and answer.headers["location"].split("?")[0].endswith("/")
        )
        assert refused, (answer.status_code, answer.headers.get("location"), answer.text[:200])


def test_without_signing_in(stack: Stack, aims: Any, marks: Marks) -> None:
    with httpx.Client(base_url=superset_url(stack), timeout=60) as nobody:
        for answer in (
            nobody.post(DATA, json=chart_data(aims["dataset"])),
            nobody.get("/superset/dashboard/overview/"),
            nobody.get(f"/api/v1/chart/{aims['chart']}/data/"),
            nobody.post("/api/v1/sqllab/execute/", json={"database_id": aims["base"], "sql": "SELECT 1"}),
        ):
            assert answer.status_code in (302, 400, 401, 403, 404)
            assert marks.in_text(answer.text) == set()


def sql_lab(sessions: Any, aims: Any, seat: str, sql: str) -> httpx.Response:
    request = {
        "database_id": aims["base"],
        "sql": sql,
        "schema": "mart",
        "runAsync": False,
        "client_id": "t" + hex(hash(sql))[-9:],
    }
    return sessions[seat].post("/api/v1/sqllab/execute/", json=request)


def test_the_data_teams_sql_is_read_only_and_bounded(sessions: Any, aims: Any) -> None:
    answer = sql_lab(sessions, aims, "data", "SELECT count() AS n FROM mart.daily")
    assert answer.json()["data"][0]["n"] > 1000, answer.text[:300]
    for sql in (
        "INSERT INTO mart.daily_cell (stream) VALUES ('x')",
        "SELECT count() FROM landing.subsidy_paid",
        "SELECT query FROM system.query_log",
        "SELECT sleepEachRow(1) FROM numbers(100) SETTINGS max_execution_time = 0",
        "DROP TABLE mart.daily_cell",
    ):
        assert sql_lab(sessions, aims, "data", sql).status_code >= 400, sql
    assert sql_lab(sessions, aims, "leader", "SELECT 1").status_code == 403


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() FROM landing.subsidy_paid",
        "SELECT count() FROM landing.scrappage_certified_current",
        "SELECT case_key FROM mart.vehicle_case",
        "SELECT * FROM mart.vehicle_case",
        "SELECT vin_masked FROM mart.vehicle_case",
        "SELECT evidence FROM mart.finding",
        "SELECT id, case_key FROM mart.finding",
        "SELECT * FROM mart.finding_version",
        "SELECT * FROM cases.link",
        "SELECT event_id FROM ops.dead_letter",
        "SELECT * FROM ops.audit",
        "SELECT query FROM ops.auditor_query",
    ],
)
def test_leaders_reach_no_row_of_a_case(stack: Stack, sql: str) -> None:
    assert "ACCESS_DENIED" in over_http(stack, "leader", sql).text


def test_leaders_count_cases_and_findings(stack: Stack) -> None:
    for sql in (
        "SELECT stage, count() FROM mart.vehicle_case GROUP BY stage",
        "SELECT severity, count() FROM mart.finding GROUP BY 1",
    ):
        assert over_http(stack, "leader", sql).status_code == 200


def test_auditors_read_rows_and_every_query_is_kept(stack: Stack) -> None:
    answer = over_http(stack, "auditor", "/* auditor */ SELECT payee_masked, amount_yuan FROM landing.subsidy_paid LIMIT 3")
    assert len(answer.text.splitlines()) == 3
    for sql in (
        "INSERT INTO landing.ledger (topic) VALUES ('x')",
        "DROP TABLE landing.ledger",
        "SELECT * FROM system.query_log",
    ):
        assert over_http(stack, "auditor", sql).status_code != 200
    flush_logs(stack)
    kept = "SELECT user, signed_in, result_rows, query FROM ops.auditor_query WHERE query LIKE '%payee_masked%' LIMIT 1"
    ((user, signed_in, rows, query),) = stack.clickhouse(kept)
    assert (user, signed_in, rows) == ("huanxin_auditor", "auditor", 3)
    assert "landing.subsidy_paid" in query


def flush_logs(stack: Stack) -> None:
    """Write out the query log; after a restart its table comes with the first flush."""
    deadline = time.monotonic() + 30
    while True:
        stack.clickhouse("SYSTEM FLUSH LOGS")
        if stack.clickhouse("EXISTS TABLE system.query_log") == [(1,)]:
            return
        assert time.monotonic() < deadline, "there is no query log"
        time.sleep(1)


def test_slow_queries_show_to_the_data_team_without_their_values(stack: Stack) -> None:
    over_http(stack, "leader", "SELECT count() FROM mart.daily WHERE town = 'a secret value'")
    flush_logs(stack)
    shown = over_http(
        stack, "data", "SELECT user, query, queries, p95_ms FROM ops.page_query WHERE user = 'huanxin_leader'"
    ).text
    assert "town" in shown
    assert "a secret value" not in shown


def test_groups_that_read_whole_databases_are_the_named_ones() -> None:
    assert set(EVERYTHING) == {"data", "auditor"}
