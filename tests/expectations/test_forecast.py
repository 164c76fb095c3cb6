"""The series a forecast is made from, and the model itself, run for real in quality's environment."""

from datetime import date
from math import sin

import pytest

from expectations.forecast import SCRIPT, alone, newest_run
from expectations.process import run_script
from huanxin.settings import Settings
from tests.conftest import Stack


def month(number: int) -> date:
    return date(2023 + number // 12, number % 12 + 1, 1)


def test_a_month_alone_is_the_difference_within_its_year() -> None:
    totals = [(date(2023, 11, 1), 90.0), (date(2023, 12, 1), 100.0), (date(2024, 1, 1), 7.0), (date(2024, 3, 1), 20.0)]
    assert [*alone(totals)] == [(date(2023, 12, 1), 10.0), (date(2024, 1, 1), 7.0)]


def test_only_the_newest_run_without_a_gap_counts() -> None:
    values = [(month(number), float(number)) for number in (0, 1, 3, 4, 5)]
    assert newest_run(values) == values[2:]
    assert newest_run([]) == []


def test_the_model_continues_trend_and_season_whatever_the_scale() -> None:
    if not Settings().quality_venv.joinpath("bin", "python").exists():
        pytest.skip("quality's environment is not installed")
    values = [100 + number + 20 * sin(number % 12) for number in range(30)]
    order = {
        "coverage": 0.8,
        "last_year": 2027,
        "series": [
            {"target": "small", "seasonal": True, "start": "2023-01", "values": values},
            {"target": "large", "seasonal": True, "start": "2023-01", "values": [value * 10_000 for value in values]},
        ],
    }
    answer = run_script(Settings(), SCRIPT, order)
    found = {(line["target"], line["year"]): line for line in answer["forecasts"]}
    assert answer["library"] == "statsmodels"
    assert {year for _, year in found} == {2025, 2026, 2027}
    truth = sum(100 + number + 20 * sin(number % 12) for number in range(48, 60))
    assert found["small", 2027]["forecast"] == pytest.approx(truth, rel=0.03)
    assert found["large", 2027]["forecast"] == pytest.approx(truth * 10_000, rel=0.03)
    assert all(line["low"] <= line["forecast"] <= line["high"] for line in answer["forecasts"])


@pytest.mark.stack
def test_every_target_has_a_forecast_with_its_model_and_version(stack: Stack) -> None:
    rows = stack.clickhouse(
        "SELECT target, forecast, low, high, model, library, library_version, months, origin FROM mart.target_forecast "
        "WHERE year = 2027"
    )
    assert {row[0] for row in rows} == {"T1", "T2", "T3", "T4", "T5", "T6", "Q1", "Q2", "Q3"}
    assert all(row[2] < row[1] < row[3] and row[4] and row[5] == "statsmodels" and row[6] for row in rows)
    assert {row[8] for row in rows} == {date(2024, 12, 1)}
    stack.refresh()
    shown = dict(stack.clickhouse("SELECT target, forecast_2027 FROM mart.target_progress WHERE period = '2024-12'"))
    assert {target: shown[target] for target in ("T1", "T4")} == {row[0]: row[1] for row in rows if row[0] in ("T1", "T4")}
    assert stack.clickhouse("SELECT count() FROM mart.target_progress WHERE period < '2024-12' AND forecast_2027 > 0") == [(0,)]
