"""`huanxin rules score DIR`: precision and recall of every rule over a simulated folder."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from clickhouse_driver import Client

from huanxin.score.answers import AnswerKey, Case, read_answers
from huanxin.score.compare import Finding, Score, compare
from huanxin.score.table import as_text, write_table
from huanxin.settings import Settings, settings
from schemas.identity import Identifier
from warehouse.client import connection
from warehouse.rulebook import rulebook
from warehouse.supervise import run_all

CLEAN, DIRTY = 1.0, 0.99
"""What precision and recall of every rule must reach."""


def score(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Made by huanxin simulate --anomalies.")],
    load: Annotated[bool, typer.Option("--load", help="Land the folder into a warehouse of its own first.")] = False,
    table: Annotated[Path | None, typer.Option(help="Write the table of rules into this Markdown file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Compare the open findings with the answer key; exits 1 below 1.00 (0.99 where the folder is dirty).

    Without --load the running stack must hold the folder already, and its findings are taken as they are.
    """
    begun = time.monotonic()
    result = _loaded(folder) if load else _running(folder)
    least = DIRTY if _is_dirty(folder) else CLEAN
    text = as_text(result, least, time.monotonic() - begun)
    typer.echo(json.dumps(asdict(result), ensure_ascii=False, indent=2) if as_json else text)
    if table:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        write_table(table, result, manifest, dirty=_is_dirty(folder), least=least)
    raise typer.Exit(0 if min(result.worst()) >= least else 1)


def _running(folder: Path) -> Score:
    with connection(settings(), "reader") as client:
        return _compared(client, read_answers(folder, _identifier(settings())))


def _loaded(folder: Path) -> Score:
    from huanxin.score.landing import collect, land
    from huanxin.score.scratch import scratch_warehouse

    with scratch_warehouse(settings(), lambda what: typer.echo(what, err=True)) as own, connection(own, "admin") as client:
        key = read_answers(folder, _identifier(own))
        land(own, client, collect(own, folder))
        run_all(client)
        return _compared(client, key)


def _compared(client: Client, key: AnswerKey) -> Score:
    return compare(key, current_findings(client), list(rulebook()))


def current_findings(client: Client) -> dict[Case, Finding]:
    """Every finding by rule and case."""
    rows = client.execute("SELECT rule, case_key, status, question FROM mart.finding")
    return {(rule, case): Finding(status, question) for rule, case, status, question in rows}


def _identifier(chosen: Settings) -> Identifier:
    return Identifier(bytes.fromhex(chosen.secrets.pseudonym_key))


def _is_dirty(folder: Path) -> bool:
    return (folder / "answers.jsonl").exists()
