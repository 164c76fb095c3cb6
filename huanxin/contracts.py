"""`huanxin contracts`: write what sources and readers may rely on, and refuse a change that would break them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from huanxin.settings import CHECKOUT
from schemas.catalogue import event_types

app = typer.Typer(no_args_is_help=True, help="Contracts of every event type: export, diff.")
PUBLISHED = CHECKOUT / "docs" / "contracts"


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = PUBLISHED,
    replace: Annotated[
        bool, typer.Option(help="Even over a version that breaks documents: only before it is released.")
    ] = False,
) -> None:
    """Write JSON Schema and Open Data Contract per type, and one AsyncAPI document."""
    from schemas.contracts.published import export as write

    typer.echo(f"{len(write(event_types(), out, replace))} documents in {out}")


@app.command()
def diff(
    against: Annotated[Path, typer.Option(help="The published contracts.")] = PUBLISHED,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Compare the models with the published contracts; exits 1 on a breaking change without a new version."""
    from schemas.contracts.published import diff as compare

    verdicts = compare(event_types(), against)
    if as_json:
        typer.echo(json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=2))
    for verdict in verdicts if not as_json else ():
        for change in verdict.changes:
            typer.echo(f"{verdict.event_type:24} {change}")
        if verdict.refused:
            typer.echo(f"{verdict.event_type:24} REFUSED: {verdict.refused}")
    refused = [verdict for verdict in verdicts if verdict.refused]
    changed = sum(len(verdict.changes) for verdict in verdicts)
    if not as_json:
        typer.echo(f"{len(verdicts)} types, {changed} changes, {len(refused)} refused")
    raise typer.Exit(1 if refused else 0)
