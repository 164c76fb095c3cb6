"""The watcher of the drop folder under kill -9: every accepted row is counted once, and its answers are complete."""

import time
from datetime import date

import pytest

from benchmarks.watch_kills import kill_watcher
from tests.conftest import CONSOLE, Stack

pytestmark = pytest.mark.stack


def test_a_killed_watcher_loses_and_doubles_nothing(stack: Stack) -> None:
    figures = kill_watcher(stack.settings, date(2014, 1, 1), kills=3, files=3, rows=4_000, seed=2014, console=CONSOLE)
    assert (figures["lost"], figures["doubled"]) == (0, 0)
    assert figures["files"] >= 3  # type: ignore[operator]
    assert figures["rows"] == figures["files"] * (4_000 - 8)  # type: ignore[operator]


def test_a_dropped_file_is_taken_in_and_the_same_again_changes_nothing(stack: Stack) -> None:
    folder = stack.settings.drop_folder / "police.transfer"
    content = next(iter(sorted((stack.county / "police.transfer").glob("*.csv")))).read_bytes()
    (folder / "再报一次.csv").write_bytes(content)
    deadline = time.monotonic() + 120
    while not (found := [*(folder / "done").glob("*再报一次.csv.回执.txt")]):
        assert time.monotonic() < deadline, "not taken in within the time"
        time.sleep(0.2)
    text = found[0].read_text(encoding="utf-8-sig")
    assert "收下：0 行" in text
    assert "完全相同" in text
    assert "没有带来任何变化" in text
    query = """
        SELECT name, sum(events), sum(amount_yuan) FROM ops.file_total
        WHERE sha256 IN (SELECT sha256 FROM ops.file_receipt WHERE name = '再报一次.csv') GROUP BY name, taken_at
    """
    taken = stack.clickhouse(query)
    ((events, yuan),) = {(events, yuan) for _, events, yuan in taken}
    assert len({name for name, _, _ in taken}) > 1, "the same file under its first name, with the same control totals"
    assert (events > 0, yuan > 0) == (True, True)
    assert f"合计 {yuan:,.2f} 元（以前" in text
