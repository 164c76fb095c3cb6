"""The check before payment says what the rules find afterwards, wherever all papers were there when it was asked."""

from datetime import date
from pathlib import Path

import pytest

from huanxin.score.beforehand import ask_all
from huanxin.score.landing import collect
from huanxin.score.scratch import scratch_warehouse
from huanxin.settings import Settings
from huanxin.simulator import Options, simulate
from huanxin.simulator.anomalies import anomalies
from warehouse.client import connection

pytestmark = pytest.mark.stack
COMMON = {
    "A01",
    "A04",
    "A05",
    "A06",
    "A07",
    "A08",
    "A09",
    "A10",
    "A11",
    "A12",
    "A13",
    "A14",
    "A15",
    "A28",
    "A29",
    "A30",
    "A32",
    "A35",
}
"""Rules that payments alone, or papers that come before them, can break."""


def test_what_is_asked_before_payment_is_what_is_found_afterwards(tmp_path: Path) -> None:
    options = Options(11, date(2023, 1, 1), date(2024, 12, 31), 0.002, tmp_path)
    simulate(options, [anomalies(options)])
    with scratch_warehouse(Settings(), lambda what: None) as own, connection(own, "admin") as client:
        outcome = ask_all(own, client, collect(own, tmp_path), days=60)
    assert outcome.differing == []
    assert outcome.refused == 0
    assert outcome.payments > 1_000
    assert outcome.agreed.keys() >= COMMON
