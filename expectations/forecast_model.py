"""Forecasts each series to the end of its years with statsmodels; a script for quality's own environment.

Standard input: {"coverage": 0.8, "last_year": 2027, "series": [{"target", "seasonal", "start": "2023-01", "values": [...]}]}.
Standard output: {"library", "library_version", "forecasts": [{"target", "model", "months", "year", "forecast", "low",
"high"}]}.

Structural time series. Monthly amounts: a straight trend and a season of twelve months, both fixed, because two years of data
cannot tell a level that wanders from a season that rises; the uncertainty of trend and season is in the paths. Levels: a drift
whose level wanders. A year's figure is the median of simulated paths, its bounds their quantiles, so that errors of
neighbouring months count together as they should. An amount is the year's sum, known months included; a level is its December.
"""

import contextlib
import json
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
import statsmodels
from statsmodels.tsa.statespace.structural import UnobservedComponents

SEASON, HARMONICS = 12, 5
PATHS = 2_000


def run(order: dict[str, Any]) -> dict[str, Any]:
    """One forecast per series and year that is not over."""
    lines = [line for series in order["series"] for line in _years(series, order["last_year"], order["coverage"])]
    return {"library": "statsmodels", "library_version": statsmodels.__version__, "forecasts": lines}


def _years(series: dict[str, Any], last_year: int, coverage: float) -> list[dict[str, Any]]:
    months = pd.period_range(series["start"], periods=len(series["values"]), freq="M")
    values = pd.Series(series["values"], months, dtype=float)
    past = months[-1].year * SEASON + months[-1].month  # months since year 0
    steps = (last_year + 1) * SEASON - past
    if steps <= 0:
        return []
    season = [{"period": SEASON, "harmonics": HARMONICS}] if series["seasonal"] else None
    scale = values.abs().mean() or 1.0  # the library's diffuse start is a fixed number: it must be large against the values
    model = UnobservedComponents(
        values / scale,
        level="dtrend" if season else "lldtrend",
        freq_seasonal=season,
        stochastic_freq_seasonal=[False] if season else None,
    )
    paths = model.fit(disp=False, maxiter=500).simulate(steps, anchor="end", repetitions=PATHS, rng=1)
    ahead = np.maximum(np.asarray(paths).reshape(steps, PATHS) * scale, 0)
    name = f"straight trend + season of {SEASON} ({HARMONICS} harmonics)" if season else "local level with drift"
    found = []
    for year in range(past // SEASON, last_year + 1):
        begin, end = max(year * SEASON - past, 0), (year + 1) * SEASON - past
        totals = values[months.year == year].sum() + ahead[begin:end].sum(axis=0) if season else ahead[end - 1]
        low, middle, high = np.quantile(totals, [(1 - coverage) / 2, 0.5, (1 + coverage) / 2])
        head = {"target": series["target"], "model": name, "months": len(values), "year": year}
        found.append(head | {"forecast": float(middle), "low": float(low), "high": float(high)})
    return found


if __name__ == "__main__":
    # What a library prints must not mix with the answer.
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = run(json.load(sys.stdin))
    json.dump(answer, sys.stdout)
