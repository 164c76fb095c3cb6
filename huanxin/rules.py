"""`huanxin rules`: the supervision rules, run by hand, and a finding explained."""

import json
import re
from datetime import datetime
from typing import Annotated

import typer

from huanxin.score.beforehand import beforehand
from huanxin.score.command import score
from huanxin.score.permutation import permute
from huanxin.settings import settings
from schemas.event import CHINA
from schemas.identity import Identifier
from warehouse.client import connection
from warehouse.explain import explain
from warehouse.rulebook import Rule, rulebook
from warehouse.supervise import findings_as_of, run_all

app = typer.Typer(no_args_is_help=True, help="The supervision rules: list them, run them, explain a finding.")
app.command()(score)
app.command()(permute)
app.command()(beforehand)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command("list")
def list_rules(as_json: Json = False) -> None:
    """Show every rule: severity, who looks into it, tolerance, in force from."""
    if as_json:
        typer.echo(json.dumps([rule.model_dump(mode="json") for rule in rulebook().values()], ensure_ascii=False, indent=2))
        return
    for rule in rulebook().values():
        typer.echo(
            f"{rule.id} {rule.severity} {rule.name}  {'、'.join(rule.recipients)}  自{rule.in_force.start}  {rule.source}"
        )


@app.command()
def run(
    rule: Annotated[list[str] | None, typer.Argument(help="Rules, all by default.")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="Judge what had been received by then; stores nothing.")] = None,
    as_json: Json = False,
) -> None:
    """Judge every case now and store what changed, or judge it as of a past moment and print what would be open."""
    chosen = _chosen(rule)
    with connection(settings(), "worker") as client:
        if as_of is None:
            done = run_all(client, chosen if rule else None)
            typer.echo(json.dumps(done.changes) if as_json else str(done))
            return
        rows = findings_as_of(client, as_of if as_of.tzinfo else as_of.replace(tzinfo=CHINA), chosen)
    columns = ("rule", "case_key", "status", "severity", "amount_yuan", "question")
    if as_json:
        typer.echo(json.dumps([dict(zip(columns, map(str, row), strict=True)) for row in rows], ensure_ascii=False, indent=2))
        return
    for found in rows:
        typer.echo("  ".join(map(str, found)))
    typer.echo(f"{len(rows)} findings as of {as_of}")


def _chosen(ids: list[str] | None) -> list[Rule]:
    unknown = sorted(set(ids or ()) - set(rulebook()))
    if unknown:
        raise typer.BadParameter(f"no such rule: {', '.join(unknown)}; known are {', '.join(rulebook())}")
    return [rule for rule in rulebook().values() if not ids or rule.id in ids]


@app.command("explain")
def explain_rule(
    rule: Annotated[str, typer.Argument(help="Such as A08.")],
    case: Annotated[str, typer.Option(help="A case key as findings show it, or with the plain number: vin:L…, person:1405…")],
) -> None:
    """Print a note in Chinese on a case: facts, rule, arithmetic, what to look into."""
    (chosen,) = _chosen([rule])
    with connection(settings(), "worker") as client:
        typer.echo(explain(client, chosen, _key(case)))


def _key(case: str) -> str:
    """The case key with a plain personal value made into its token."""
    if re.fullmatch(r"\w+:[0-9a-f]{32}", case):
        return case
    from huanxin.score.answers import tokenised

    return tokenised(case, Identifier(bytes.fromhex(settings().secrets.pseudonym_key)))
