"""The suites over the loaded county: all holds, and what is spoiled is found.

Spoiled rows have keys of their own and are removed again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expectations.runner import expected, order, run_checks
from huanxin.errors import ConfigurationError, UnavailableError
from huanxin.settings import Settings
from huanxin.stack.choices import free_ports
from tests.conftest import Stack

PAYMENT = """
INSERT INTO landing.subsidy_paid SELECT * REPLACE (
    unhex(repeat('5e', 16)) AS id, 'SPOILED' AS pay_no, toDate('2022-06-01') AS day,
    toDateTime64('2022-06-01 10:00:00', 3) AS paid_at, toDateTime64('2022-06-01 10:00:00', 3) AS occurred_at,
    {received} AS received_at, {changes})
FROM
(
    SELECT * FROM landing.subsidy_paid FINAL
    WHERE payout_kind = 'initial' AND pay_result = '成功' AND source = 'treasury.payout' LIMIT 1
)
"""
CELL = """
INSERT INTO mart.daily_cell (stream, day, department, town, category, events, pieces, net_kg, amount_yuan, version)
VALUES ('no.such', '2022-06-01', '县财政局', '凤城镇', 'spoiled', 5, 0, 0, 0, 1)
"""


def test_no_answer_from_clickhouse_is_told() -> None:
    (port,) = free_ports(1)
    with pytest.raises(UnavailableError, match=f"127.0.0.1:{port} does not answer"):
        run_checks(Settings(clickhouse_native_port=port))


def test_the_order_has_every_expectation_once() -> None:
    settings = Settings()
    asked = expected(settings)
    suites = order(settings, asked)["suites"]
    assert [each["meta"]["number"] for suite in suites for each in suite["expectations"]] == list(range(len(asked)))


@contextmanager
def spoiled(stack: Stack, *statements: str) -> Iterator[None]:
    try:
        for statement in statements:
            stack.clickhouse(statement)
        yield
    finally:
        stack.clickhouse("DELETE FROM landing.subsidy_paid WHERE pay_no = 'SPOILED'")
        stack.clickhouse("DELETE FROM mart.daily_cell WHERE stream = 'no.such'")


def check(stack: Stack) -> tuple[int, dict[str, Any]]:
    """The command's exit code and its JSON."""
    command = [sys.executable, "-m", "huanxin", "check", "--json"]
    done = subprocess.run(
        command, env={**os.environ, "HUANXIN_HOME": str(stack.settings.home)}, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.stack
def test_the_county_passes(stack: Stack) -> None:
    stack.wait_until_landed()
    code, report = check(stack)
    assert [each for each in report["results"] if each["severity"] == "critical" and not each["success"]] == []
    assert (code, report["critical"]) == (0, 0)
    kept = stack.clickhouse(
        "SELECT count(), countIf(success), uniqExact(suite), uniqExact(suite, expectation, column), any(toString(run_at)) "
        "FROM ops.expectation_result WHERE run_id = %(run)s",
        {"run": report["run_id"]},
    )
    count = len(report["results"])
    assert kept[0][:4] == (count, report["passed"], 2, count)
    assert kept[0][4].replace(" ", "T") == run_at(report)


@pytest.mark.stack
def test_spoiled_rows_are_found(stack: Stack) -> None:
    stack.wait_until_landed()
    changes = "'refund' AS payout_kind, toDecimal64(12, 2) AS amount_yuan, 'no_such' AS item_code, '' AS original_pay_no"
    with spoiled(stack, PAYMENT.format(received="toDateTime64('2022-06-02 10:00:00', 3)", changes=changes), CELL):
        code, report = check(stack)
    assert code == 1
    failed = {(each["suite"], each["name"], each["column"]): each for each in report["results"] if not each["success"]}
    assert {key for key, each in failed.items() if each["severity"] == "critical"} == {
        ("subsidy_paid", "amount_sign", ""),
        ("subsidy_paid", "code", "item_code"),
        ("subsidy_paid", "refers_to_original", ""),
        ("mart_daily", "known_stream", "stream"),
        ("mart_daily", "equals_recount", ""),
    }
    assert failed["subsidy_paid", "amount_sign", ""]["examples"] == [
        '{"source": "treasury.payout", "day": "2022-06-01", "pay_no": "SPOILED"}'
    ]
    assert failed["mart_daily", "equals_recount", ""]["unexpected_count"] == 2, (
        "the payment not counted, and the cell from nowhere"
    )


@pytest.mark.stack
@pytest.mark.parametrize(
    ("received", "found"), [("now64(3)", 0), ("now64(3) - INTERVAL 2 MINUTE", 1)], ids=["just now", "earlier"]
)
def test_a_cell_may_be_behind_for_a_moment_only(stack: Stack, received: str, found: int) -> None:
    stack.wait_until_landed()
    (recount,) = (each for each in expected(stack.settings) if each.name == "equals_recount")
    query = recount.arguments["unexpected_rows_query"].format(batch="mart.daily")
    with spoiled(stack, PAYMENT.format(received=received, changes="1 AS revision")):
        assert len(stack.clickhouse(query)) == found


@pytest.mark.stack
def test_an_unmigrated_server_is_told(stack: Stack) -> None:
    stack.clickhouse("RENAME TABLE ops.expectation_result TO ops.expectation_result_away")
    try:
        with pytest.raises(ConfigurationError, match="huanxin migrate"):
            run_checks(stack.settings)
    finally:
        stack.clickhouse("RENAME TABLE ops.expectation_result_away TO ops.expectation_result")


def run_at(report: dict[str, Any]) -> str:
    """The run's time as the table shows it: at Shanghai, without the offset."""
    return (
        datetime.fromisoformat(report["run_at"]).astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="milliseconds")[:-6]
    )
