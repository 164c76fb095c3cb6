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
from huanxin.score.table import as_text, is_dirty, section, write_tables
from huanxin.settings import Settings, settings
from schemas.identity import Identifier
from warehouse.client import connection
from warehouse.rulebook import rulebook
from warehouse.supervise import run_all

CLEAN, DIRTY = 1.0, 0.99
"""What precision and recall of every rule must reach."""


def score(
    folders: Annotated[list[Path], typer.Argument(exists=True, file_okay=False, help="Made by huanxin simulate --anomalies.")],
    load: Annotated[bool, typer.Option("--load", help="Land each folder into a warehouse of its own first.")] = False,
    table: Annotated[Path | None, typer.Option(help="Write the tables of rules into this Markdown file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Compare the open findings with each folder's answer key; exits 1 below 1.00 (0.99 where the folder is dirty).

    Without --load the running stack must hold the folder already, and its findings are taken as they are.
    """
    if len(folders) > 1 and not load:
        raise typer.BadParameter("a running stack holds one folder: name one, or give --load")
    sections, passed, told = [], True, {}
    for folder in folders:
        begun = time.monotonic()
        result = _loaded(folder) if load else _running(folder)
        least = DIRTY if is_dirty(folder) else CLEAN
        passed &= min(result.worst()) >= least
        told[str(folder)] = asdict(result)
        if not as_json:
            typer.echo(as_text(result, least, time.monotonic() - begun))
        sections.append(section(result, folder, least))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if table:
        write_tables(table, sections)
    raise typer.Exit(0 if passed else 1)


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
