"""Findings over HTTP and at the command line: each department sees its own, answers are kept with who gave them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from typer.testing import CliRunner

from huanxin import findings
from tests.conftest import Stack
from warehouse.client import connection
from warehouse.seats import password

pytestmark = pytest.mark.stack


@pytest.fixture
def finding(stack: Stack) -> Iterator[UUID]:
    """One synthetic finding for 县民政局 alone, opened a day ago."""
    found, opened = uuid4(), datetime.now(UTC) - timedelta(days=1)
    row = {
        "id": found,
        "evaluated_at": opened,
        "event": "opened",
        "status": "open",
        "rule": "A01",
        "rule_version": "A01/1",
        "case_key": "apply:SYNTHETIC",
        "severity": "R",
        "department": "县民政局",
        "recipients": ["县民政局"],
        "title": "演示疑点",
        "question": "请核实?",
        "amount_yuan": 8000,
        "evidence": "{}",
        "opened_at": opened,
        "closed_at": None,
        "deadline": opened.date(),
        "fingerprint": 1,
    }
    with connection(stack.settings, "admin") as client:
        client.execute(f"INSERT INTO mart.finding_version ({', '.join(row)}) VALUES", [row])
    yield found
    stack.clickhouse("DELETE FROM mart.finding_version WHERE id = %(id)s", {"id": found})
    stack.clickhouse("DELETE FROM ops.disposition WHERE id = %(id)s", {"id": found})


def headers(stack: Stack, seat: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {password(stack.settings.secrets.seats_key, 'gateway', seat)}"}


def ask(stack: Stack, seat: str, **query: Any) -> list[dict[str, Any]]:
    answer = httpx.get(f"{stack.urls['gateway']}/v1/findings", params=query, headers=headers(stack, seat), timeout=60)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def post(stack: Stack, seat: str, document: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{stack.urls['gateway']}/v1/findings", json=document, headers=headers(stack, seat), timeout=60)


def test_a_department_sees_and_answers_its_own(stack: Stack, finding: UUID) -> None:
    (mine,) = ask(stack, "civil")
    assert (mine["id"], mine["overdue"], mine["amount_yuan"]) == (str(finding), True, "8000")
    assert str(finding) not in {other["id"] for other in ask(stack, "labour", limit=1000)}
    before = datetime.now(UTC).isoformat()
    document = {
        "finding": str(finding),
        "disposition": "已追回",
        "recovered_yuan": "8000.00",
        "who": "王主任",
        "note": "已退回专户",
    }
    assert post(stack, "labour", document).status_code == 404
    assert post(stack, "civil", document | {"recovered_yuan": "0"}).json()["field"] == "recovered_yuan"
    assert post(stack, "civil", document).json() == {"finding": str(finding), "disposition": "已追回"}
    (mine,) = ask(stack, "civil")
    assert (mine["disposition"], mine["recovered_yuan"], mine["answered_by"]) == ("已追回", "8000", "县民政局 王主任")
    assert ask(stack, "civil", answered=False) == []
    (then,) = ask(stack, "civil", as_of=before)
    assert (then["disposition"], then["answered_by"]) == ("", "")
    acts = stack.clickhouse("SELECT actor, action, detail FROM ops.audit WHERE object = %(o)s", {"o": str(finding)})
    assert acts == [("县民政局 王主任", "finding.answer", "A01 已追回 8000.00")]


@pytest.mark.parametrize("seat", ["leader", "auditor", "nobody"])
def test_who_is_no_department_is_refused(stack: Stack, seat: str) -> None:
    answer = httpx.get(f"{stack.urls['gateway']}/v1/findings", headers=headers(stack, seat), timeout=60)
    assert (answer.status_code, answer.json()["reason"]) == (401, "unknown_key")


@pytest.mark.parametrize("query", [{"rule": "A1"}, {"limit": 0}, {"status": "lost"}, {"as_of": "yesterday"}])
def test_a_question_that_makes_no_sense_is_refused_by_name(stack: Stack, query: dict[str, Any]) -> None:
    url = f"{stack.urls['gateway']}/v1/findings"
    answer = httpx.get(url, params=query, headers=headers(stack, "civil"), timeout=60)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(query)))


def test_the_command_line_lists_shows_and_answers(stack: Stack, finding: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "settings", lambda: stack.settings)

    def run(*words: str) -> str:
        result = CliRunner().invoke(findings.app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    (listed,) = json.loads(run("list", "--department", "县民政局", "--json"))
    assert listed["id"] == str(finding)
    run("answer", str(finding), "--disposition", "误报", "--note", "演示")
    shown = json.loads(run("show", str(finding)))
    assert shown["disposition"] == "误报"
    assert [event["event"] for event in shown["history"]] == ["opened", "answered"]
