"""Forecasts the targets to 2027 and keeps what was computed: with its model, library, version and time.

statsmodels is never imported here: it takes seconds and 160 MB, and lives in quality's environment.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from clickhouse_driver import Client

from expectations.process import run_script
from huanxin.settings import Settings
from warehouse.client import connection

SCRIPT = Path(__file__).parent / "forecast_model.py"
LAST_YEAR = 2027
COVERAGE = 0.8
"""Share of the simulated paths between low and high."""
LEAST_SEASONAL, LEAST_LEVEL = 24, 8
"""Months below which no forecast is made: a season cannot be told from a trend in less than two years."""

_ACTUAL = """
SELECT a.target, t.kind, a.month, toFloat64(a.actual), t.unit
FROM mart.target_actual AS a
INNER JOIN mart.target AS t ON t.target = a.target
WHERE t.kind != 'stream'
    OR toLastDayOfMonth(a.month) <= (SELECT max(day) FROM mart.daily WHERE stream != 'indicator.reported')
ORDER BY a.target, a.month
"""
_STORE = """
INSERT INTO mart.target_forecast_run
    (target, origin, year, forecast, low, high, coverage, model, library, library_version, months) VALUES
"""

Month = tuple[date, float]


def forecast(settings: Settings) -> list[dict[str, Any]]:
    """Forecast every target that has months enough, and insert the results; returns them as they were stored.

    Raises StackError where quality's environment is missing or its process fails.
    """
    with connection(settings, "quality") as client:
        order, origins = _order(client)
        if not order["series"]:
            return []
        answer = run_script(settings, SCRIPT, order)
        rows = [
            {**line, "origin": origins[line["target"]], "coverage": COVERAGE}
            | {name: answer[name] for name in ("library", "library_version")}
            | {name: min(line[name], 100.0) for name in ("forecast", "low", "high") if line["target"] in order["shares"]}
            for line in answer["forecasts"]
        ]
        client.execute(_STORE, rows)
    return rows


def _order(client: Client) -> tuple[dict[str, Any], dict[str, date]]:
    months: dict[tuple[str, str, str], list[Month]] = {}
    for target, kind, month, actual, unit in client.execute(_ACTUAL):
        months.setdefault((target, kind, unit), []).append((month, actual))
    series, origins = [], {}
    for (target, kind, _), totals in months.items():
        seasonal = kind in ("stream", "indicator_sum")
        values = newest_run([*alone(totals)] if seasonal else totals)
        if len(values) >= (LEAST_SEASONAL if seasonal else LEAST_LEVEL):
            start = f"{values[0][0]:%Y-%m}"
            series.append({"target": target, "seasonal": seasonal, "start": start, "values": [value for _, value in values]})
            origins[target] = values[-1][0]
    shares = [target for target, _, unit in months if unit == "%"]
    return {"coverage": COVERAGE, "last_year": LAST_YEAR, "series": series, "shares": shares}, origins


def alone(totals: Iterable[Month]) -> Iterator[Month]:
    """Each month by itself, from what was counted since January; a month whose predecessor is missing has no such figure."""
    earlier: dict[date, float] = {}
    for month, total in totals:
        before = 0.0 if month.month == 1 else earlier.get(month.replace(month=month.month - 1))
        if before is not None:
            yield month, total - before
        earlier[month] = total


def newest_run(values: list[Month]) -> list[Month]:
    """The months up to the newest that follow each other without a gap."""
    start = 0
    for place, ((earlier, _), (later, _)) in enumerate(pairwise(values), 1):
        if (later.year - earlier.year) * 12 + later.month - earlier.month != 1:
            start = place
    return values[start:]
