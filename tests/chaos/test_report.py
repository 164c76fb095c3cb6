"""The table in docs/reliability.md is replaced between its marks, and figures of several runs add up."""

from pathlib import Path

import pytest

from huanxin.chaos.report import BEGIN, END, append, write_table
from huanxin.errors import ConfigurationError

FIGURES = {
    "events": 1000,
    "messages": 1000,
    "lost": 0,
    "doubled": 0,
    "looks": 9,
    "injections": 1,
    "dead_letters": 0,
    "ended_itself": False,
    "recovery_seconds": 2.5,
}
RUN = {"commit": "abc", "seed": 1, "cores": 2, "at": "2026-01-02T03:04:05+00:00"}
OUTCOME = {"kind": "disk full", "evidence": ["said so"], "problems": [], "right": True} | FIGURES | RUN


def test_results_add_up_and_stand_between_the_marks(tmp_path: Path) -> None:
    results, page = tmp_path / "results.jsonl", tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    append(results, [OUTCOME])
    write_table(page, append(results, [OUTCOME | {"recovery_seconds": 3.5}]))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| disk full | 2 | 2 | 2,000 | 0 | 0 | 0 | 3.5 s | said so |" in text


def test_a_failure_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}")
    write_table(page, [OUTCOME | {"right": False, "problems": ["lost 3"], "lost": 3}])
    assert "failed 1" in page.read_text()
    assert "- disk full (abc): lost 3" in page.read_text()


def test_a_message_of_many_lines_stays_in_its_cell_without_the_runs_folder(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}")
    said = "its log /tmp/huanxin-chaos-a1_b2/logs/clickhouse.log ends with:\na | b"
    write_table(page, [OUTCOME | {"right": False, "problems": [said], "evidence": []}])
    assert "| its log logs/clickhouse.log ends with: a / b |" in page.read_text()
    assert "- disk full (abc): its log logs/clickhouse.log ends with: a / b\n" in page.read_text()


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("mine")
    with pytest.raises(ConfigurationError):
        write_table(page, [OUTCOME])
    assert page.read_text() == "mine"
