"""Planted cases: enough of every rule, valid, apart from the true county, and told in the answer key."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huanxin.simulator import Options, simulate
from huanxin.simulator.anomalies import Answer, anomalies
from huanxin.simulator.document import Document
from huanxin.simulator.world import world

RULES = {f"A{number:02d}" for number in range(1, 36)}
FEW = {"A33"}
"""There are four funds in all."""


def options(out: Path, last: date = date(2024, 12, 31)) -> Options:
    return Options(5, date(2023, 1, 1), last, 0.002, out)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    chosen = options(tmp_path_factory.mktemp("county"))
    return [*anomalies(chosen)(world(chosen))]


def answers(documents: list[Document]) -> Iterator[Answer]:
    for document in documents:
        yield from (answer for answer in map(Answer.parse, document.faults) if answer)


def test_every_rule_has_true_cases_and_as_many_near_misses(documents: list[Document]) -> None:
    counts = Counter((answer.rule, answer.expected) for answer in answers(documents))
    assert {rule for rule, _ in counts} | FEW == RULES
    assert all(counts[rule, "open"] >= 20 and counts[rule, "near"] >= 20 for rule in RULES - FEW)


def test_no_case_is_expected_to_be_both(documents: list[Document]) -> None:
    cases: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for answer in answers(documents):
        cases[answer.rule, answer.case].add(answer.expected)
    assert {len(expected) for expected in cases.values()} == {1}


def test_planted_documents_meet_no_true_one(documents: list[Document]) -> None:
    keys = Counter((document.source, document.data.natural_key, document.revision) for document in documents)
    assert max(keys.values()) == 1


def test_of_a_document_s_revisions_the_newest_counts_unless_voided(documents: list[Document]) -> None:
    revisions: defaultdict[Any, list[Document]] = defaultdict(list)
    for document in documents:
        revisions[document.source, document.data.natural_key].append(document)
    several = [sorted(each, key=lambda document: document.revision) for each in revisions.values() if len(each) > 1]
    assert len(several) > 100
    for *earlier, newest in several:
        assert not any(document.counts for document in earlier)
        assert newest.counts is (newest.data.status != "voided")


def test_without_the_stage_nothing_is_planted(tmp_path: Path) -> None:
    simulate(options(tmp_path))
    lines = (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    assert not any(json.loads(line)["faults"] for line in lines)


def test_months_that_do_not_hold_the_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="simulate at least these months"):
        anomalies(options(tmp_path, date(2024, 6, 30)))


def test_an_answer_reads_back(documents: list[Document]) -> None:
    assert Answer.parse("A04 open vin:L0Y00000000000001") == Answer("A04", "open", "vin:L0Y00000000000001")
    assert Answer.parse("full_width") is None
