"""The rules' headers: read and checked when the rulebook is loaded."""

from pathlib import Path

import pytest

from huanxin.errors import ConfigurationError
from warehouse.rulebook import RULES, fill, literal, read_rule, rulebook

GOOD = (RULES / "A01.sql").read_text(encoding="utf-8")


def test_the_rulebook_reads_every_file() -> None:
    assert [*rulebook()] == sorted(path.stem for path in RULES.glob("*.sql"))


def test_severe_rules_say_whom_they_go_to() -> None:
    assert all(rule.recipients and rule.source and rule.advice for rule in rulebook().values())


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("-- id: A01", "-- id: A02", "it is named A02"),
        ("-- key: [apply]", "-- key: [applicant]", "unknown kind of key applicant"),
        ("-- severity: R", "-- severity: red", "severity"),
        ("AS judged_on", "AS judged", "no column judged_on"),
        ("IN {items}", "IN {things}", "{things} is no tolerance"),
        ("-- advice", "-- adviser", "adviser"),
        ("申请{apply_no}自", "申请{number}自", "the question names number"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in GOOD
    (tmp_path / "A01.sql").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=why):
        read_rule(tmp_path / "A01.sql")


def test_tolerances_become_literals() -> None:
    assert fill("a IN {items} AND b > {most}", {"items": ["x", "it's"], "most": 0.5}) == "a IN ['x', 'it\\'s'] AND b > 0.5"
    assert (literal(None), literal(True)) == ("NULL", "true")
