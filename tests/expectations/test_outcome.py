"""Reading the checkpoint's answer, and what of it makes the command fail."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from expectations.expand import Expectation
from expectations.outcome import Outcome
from expectations.results import read_results
from expectations.suite import Severity
from huanxin.errors import StackError


def expectation(name: str, severity: Severity = "critical", column: str = "") -> Expectation:
    return Expectation(
        suite="s",
        table="mart.daily",
        name=name,
        column=column,
        kind="UnexpectedRowsExpectation",
        arguments={},
        severity=severity,
        title=f"题{name}",
        why="因",
    )


def given(number: int, **changes: Any) -> dict[str, Any]:
    answer = {"success": True, "unexpected_count": 0, "observed": None, "examples": [], "error": ""}
    return {"suite": "s", "meta": {"number": number}, **answer, **changes}


def outcome(*asked: Expectation, answers: list[dict[str, Any]]) -> Outcome:
    return Outcome(UUID(int=0), datetime(2024, 9, 1, tzinfo=UTC), 1.0, read_results(asked, {"results": answers}))


def test_results_are_matched_by_number_not_by_place() -> None:
    found = outcome(expectation("a"), expectation("b"), answers=[given(1, success=False, unexpected_count=3), given(0)])
    assert [(result.label, result.success, result.unexpected_count) for result in found.results] == [
        ("s.a", True, 0),
        ("s.b", False, 3),
    ]


@pytest.mark.parametrize(
    "answer",
    [{}, {"results": []}, {"results": [given(0), given(0)]}, {"results": [given(1)]}, {"results": [{"meta": {"number": 0}}]}],
    ids=["nothing", "none", "one twice", "another", "incomplete"],
)
def test_an_answer_about_something_else_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(StackError, match="answer"):
        read_results([expectation("a")], answer)


def test_only_critical_failures_fail_the_command() -> None:
    asked = [expectation("a"), expectation("b", "warning"), expectation("c", "info"), expectation("d")]
    answers = [given(number, success=number == 3) for number in range(4)]
    found = outcome(*asked, answers=answers)
    assert [result.label for result in found.failures] == ["s.a", "s.b", "s.c"]
    assert [result.label for result in found.critical_failures] == ["s.a"]
    assert found.as_text().splitlines()[-1] == "4 expectations: 1 passed, 1 critical, 2 lesser failures, 1.0 s"


def test_what_cannot_be_asked_fails_the_command_whatever_its_severity() -> None:
    found = outcome(expectation("a", "info"), answers=[given(0, success=True, error="no such column")])
    assert [result.label for result in found.critical_failures] == ["s.a"]
    assert "no such column" in found.as_text()


def test_a_failure_says_why_it_matters_and_shows_examples() -> None:
    answers = [given(0, success=False, unexpected_count=2, examples=[{"pay_no": "ZF1", "乡镇": "凤城镇"}])]
    text = outcome(expectation("a", column="pay_no"), answers=answers).as_text()
    assert "s.a[pay_no]" in text
    for part in ("2 处不符", "因", '{"pay_no": "ZF1", "乡镇": "凤城镇"}'):
        assert part in text


def test_the_dictionary_has_the_counts_and_every_result() -> None:
    figures = outcome(expectation("a"), expectation("b", "warning"), answers=[given(0), given(1, success=False)]).as_dict()
    assert (figures["passed"], figures["failed"], figures["critical"]) == (1, 1, 0)
    assert [(each["name"], each["success"]) for each in figures["results"]] == [("a", True), ("b", False)]
