"""Every rule on its cases: true ones are found, near misses are not. The cases are data; this file knows none of them."""

from collections import Counter

import pytest

from tests.conftest import Stack
from tests.warehouse.rule_cases import Case, Court, case_key, cases
from warehouse.client import connect
from warehouse.rulebook import rulebook

CASES = cases()


def test_every_rule_has_three_true_cases_and_three_near_misses() -> None:
    true = Counter(case.rule for case in CASES if case.findings)
    near = Counter(case.rule for case in CASES if not case.findings)
    assert {rule: (true[rule], near[rule]) for rule in rulebook() if true[rule] < 3 or near[rule] < 3} == {}


def test_every_case_is_of_a_rule() -> None:
    assert {case.rule for case in CASES} <= set(rulebook())


@pytest.mark.stack
@pytest.mark.parametrize("rule", sorted({case.rule for case in CASES}))
def test_the_cases_of_a_rule(stack: Stack, rule: str) -> None:
    client = connect(stack.settings, "worker")
    try:
        court = Court(client)
        for case in (case for case in CASES if case.rule == rule):
            check(case, court.judge(rulebook()[rule], case))
    finally:
        client.disconnect()


def check(case: Case, found: dict[str, dict[str, object]]) -> None:
    expected = {case_key(key): facts or {} for key, facts in case.findings.items()}
    assert set(found) == set(expected), f"{case.rule} {case.name}"
    for key, facts in expected.items():
        shown = {name: found[key][name] for name in facts}
        assert {name: str(value) for name, value in shown.items()} == {name: str(value) for name, value in facts.items()}, (
            case.name
        )
