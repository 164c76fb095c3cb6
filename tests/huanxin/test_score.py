"""The score: what counts as found, wrong and missed, and how a case key is made comparable."""

import json
from pathlib import Path

import pytest

from huanxin.errors import ConfigurationError
from huanxin.score.answers import AnswerKey, read_answers
from huanxin.score.compare import Finding, compare
from huanxin.simulator.anomalies import Answer
from schemas.identity import Identifier
from schemas.marks import Kind

IDENTIFIER = Identifier(b"k" * 32)
OPEN = Finding("open", "请核实?")


def key(*answers: Answer) -> AnswerKey:
    return AnswerKey({(answer.rule, answer.case): answer for answer in answers})


def test_precision_and_recall_of_a_rule() -> None:
    answers = key(Answer("A01", "open", "apply:1"), Answer("A01", "open", "apply:2"), Answer("A01", "near", "apply:3"))
    score = compare(answers, {("A01", "apply:1"): OPEN, ("A01", "apply:3"): OPEN, ("A01", "apply:9"): OPEN}, ["A01"])
    (rule,) = score.rules
    assert (rule.planted, rule.near, rule.found, rule.wrong) == (2, 1, 1, 2)
    assert (rule.precision, rule.recall) == (pytest.approx(1 / 3), 0.5)
    assert [(miss.case, miss.what) for miss in score.misses] == [
        ("apply:2", "missed"),
        ("apply:3", "unexpected (near miss)"),
        ("apply:9", "unexpected"),
    ]


def test_only_open_findings_count_and_a_closed_one_explains_a_miss() -> None:
    answers = key(Answer("A02", "open", "vin:1"), Answer("A02", "closed", "vin:2"))
    findings = {("A02", "vin:1"): Finding("closed", "?"), ("A02", "vin:2"): Finding("closed", "?")}
    score = compare(answers, findings, ["A02"])
    assert score.worst() == (1.0, 0.0)
    assert [miss.why for miss in score.misses] == ["its finding is closed: ?"]


def test_a_rule_without_answers_must_find_nothing() -> None:
    assert compare(key(Answer("A01", "near", "apply:1")), {}, ["A01", "A05"]).worst() == (1.0, 1.0)
    assert compare(key(Answer("A01", "near", "apply:1")), {("A05", "vin:1"): OPEN}, ["A05"]).worst() == (0.0, 1.0)


def test_personal_values_become_the_tokens_of_findings(tmp_path: Path) -> None:
    faults = [["A02 open vin:L0Y00000000000001", "full_width"], ["A25 near ticket:YC-1/000001/2024-05-06"], []]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps({"faults": each}) + "\n" for each in faults), encoding="utf-8")
    answers = read_answers(tmp_path, IDENTIFIER)
    vin = f"vin:{IDENTIFIER.token(Kind.VIN, 'L0Y00000000000001').hex()}"
    assert set(answers.expected) == {("A02", vin), ("A25", "ticket:YC-1/000001/2024-05-06")}
    assert answers.other_faults["A02", vin] == {"full_width"}


def test_a_folder_without_answers_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--anomalies"):
        read_answers(tmp_path, IDENTIFIER)
    (tmp_path / "truth.jsonl").write_text(json.dumps({"faults": []}) + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="has no answers"):
        read_answers(tmp_path, IDENTIFIER)
