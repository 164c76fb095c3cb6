"""`huanxin forecast`: compute the targets' forecast to 2027 and keep it. A nightly job; never part of a worker."""

import json
from typing import Annotated

import typer

from huanxin.settings import settings


def forecast(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False) -> None:
    """Forecast every target to 2027 with an interval (statsmodels) and store it; run it each night."""
    from expectations.forecast import forecast as compute

    rows = compute(settings())
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    for row in rows:
        figures = f"{row['forecast']:.1f} ({row['low']:.1f} to {row['high']:.1f} at {row['coverage']:.0%})"
        fitted = f"{row['months']} months to {row['origin']:%Y-%m}, {row['library']} {row['library_version']}"
        typer.echo(f"{row['target']} {row['year']}: {figures}, {row['model']}, {fitted}")
    typer.echo(f"{len(rows)} forecasts stored" if rows else "no target has months enough for a forecast")
