"""Starting again is harmless, and what was stored is there after a stop."""

import pytest

from huanxin.stack.lifecycle import down, up
from huanxin.stack.status import status
from huanxin.stack.supervision import Supervisor
from tests.conftest import Stack

pytestmark = pytest.mark.stack
FIGURES = (
    "SELECT stream, sum(events), sum(amount_yuan) FROM mart.daily WHERE day >= '2023-01-01' GROUP BY stream ORDER BY stream"
)


def test_status_is_healthy_and_names_its_addresses(stack: Stack) -> None:
    state = status(stack.settings)
    assert state["healthy"], state["services"]
    assert set(state["urls"]) == {"gateway", "superset", "clickhouse_http", "clickhouse_native", "kafka"}


def test_a_second_up_starts_nothing_anew(stack: Stack) -> None:
    supervisor = Supervisor(stack.settings)
    before = {name: info["pid"] for name, info in supervisor.states().items()}
    up(stack.settings, lambda what: None)
    assert {name: info["pid"] for name, info in supervisor.states().items()} == before


def test_down_leaves_no_process_and_up_shows_the_same_data(stack: Stack) -> None:
    figures = stack.clickhouse(FIGURES)
    assert down(stack.settings) == 0
    assert Supervisor(stack.settings).processes() == []
    up(stack.settings, lambda what: None)
    assert stack.clickhouse(FIGURES) == figures
