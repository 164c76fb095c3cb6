"""Who may do what in ClickHouse, asked of the real server over HTTP."""

import httpx
import pytest

from tests.conftest import Stack

pytestmark = pytest.mark.stack


def ask(stack: Stack, user: str, query: str, password: str | None = None) -> httpx.Response:
    given = getattr(stack.settings.secrets, f"clickhouse_{user}", "") if password is None else password
    parameters = {"user": f"huanxin_{user}" if user != "default" else user, "password": given}
    return httpx.post(stack.urls["clickhouse_http"], params=parameters, content=query, timeout=30)


@pytest.mark.parametrize("query", ["SELECT count() FROM mart.daily", "SELECT count() FROM mart.target_progress"])
def test_the_reader_reads_marts(stack: Stack, query: str) -> None:
    assert ask(stack, "reader", query).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count() FROM landing.subsidy_paid",
        "SELECT count() FROM landing.ledger",
        "INSERT INTO mart.daily_cell (stream) VALUES ('x')",
        "DROP TABLE mart.daily_cell",
        "CREATE DATABASE x",
    ],
)
def test_the_reader_may_nothing_else(stack: Stack, query: str) -> None:
    answer = ask(stack, "reader", query)
    assert answer.status_code != 200
    assert "ACCESS_DENIED" in answer.text or "READONLY" in answer.text


def test_a_wrong_password_is_refused(stack: Stack) -> None:
    assert ask(stack, "reader", "SELECT 1", "wrong").status_code in (401, 403)


def test_the_nameless_user_reads_nothing(stack: Stack) -> None:
    assert "ACCESS_DENIED" in ask(stack, "default", "SELECT count() FROM mart.daily_cell").text


def test_workers_may_not_change_the_schema(stack: Stack) -> None:
    assert "ACCESS_DENIED" in ask(stack, "worker", "DROP TABLE landing.ledger").text
