"""The task matrix: complete reference data, and on the stack what is due, handed in, late and missing."""

from typing import Any

import pytest
import yaml

from schemas.marks import code_list
from tests.conftest import Stack
from warehouse.reference_data import TASKS

DOCUMENT: dict[str, Any] = yaml.safe_load(TASKS.read_text(encoding="utf-8"))


def test_fifteen_tasks_each_with_a_lead_and_a_measure() -> None:
    assert [task["task"] for task in DOCUMENT["tasks"]] == [*range(1, 16)]
    assert len({task["slug"] for task in DOCUMENT["tasks"]}) == 15
    assert all(task["lead"] and task["measures"] for task in DOCUMENT["tasks"])


def test_every_measure_is_a_known_indicator_of_a_department_of_its_task_with_a_source() -> None:
    for task in DOCUMENT["tasks"]:
        for measure in task["measures"]:
            assert measure["measure"] in code_list("indicator")
            assert measure["department"] in (*task["lead"], *task["cooperating"])
            assert measure["source"]


def test_what_no_document_gives_says_so() -> None:
    assert "本平台配置" in DOCUMENT["due"]["source"]


@pytest.mark.stack
def test_the_matrix_holds_every_month_owed(stack: Stack) -> None:
    stack.refresh()
    measures = sum(len(task["measures"]) for task in DOCUMENT["tasks"])
    owed = stack.clickhouse("SELECT count(), uniqExact(task), min(period), max(period) FROM mart.task_matrix")
    assert owed == [(measures * 7, 15, "2024-06", "2024-12")]


@pytest.mark.stack
def test_the_state_follows_from_due_day_and_report(stack: Stack) -> None:
    stack.refresh()
    rows = stack.clickhouse(
        "SELECT state, value IS NULL, overdue > 0, reported_on > due, count() FROM mart.task_matrix GROUP BY ALL"
    )
    assert {row[:4] for row in rows} == {
        ("按时报送", 0, 0, 0),
        ("逾期报送", 0, 1, 1),
        ("逾期未报", 1, 1, None),
        ("未到期", 1, 0, None),
    }
    late = stack.clickhouse("SELECT DISTINCT department FROM mart.task_matrix WHERE overdue > 0 ORDER BY department")
    assert late == [("县供销联社",), ("县民政局",), ("开发区管委会",)]


@pytest.mark.stack
def test_targets_are_counted_both_ways(stack: Stack) -> None:
    stack.refresh()
    rows = stack.clickhouse(
        "SELECT target, counting, actual, baseline FROM mart.target_count_progress WHERE period = '2024-12' ORDER BY 1, 2"
    )
    assert [row[:2] for row in rows] == [("T4", "recycler"), ("T4", "registration"), ("T6", "pieces"), ("T6", "tonnes")]
    own = stack.clickhouse(
        "SELECT target, toFloat64(actual), toFloat64(baseline) FROM mart.target_progress "
        "WHERE period = '2024-12' AND target IN ('T4', 'T6')"
    )
    assert sorted(own) == [("T4", *rows[0][2:]), ("T6", *rows[2][2:])]
