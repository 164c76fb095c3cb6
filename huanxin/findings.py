"""`huanxin findings`: what departments were asked to look into, and their answers."""

import getpass
import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from huanxin.errors import ConfigurationError
from huanxin.settings import settings

app = typer.Typer(no_args_is_help=True, help="Findings: list, show, answer.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Id = Annotated[UUID, typer.Argument(help="The finding's id, as list shows it.")]


@app.command("list")
def list_(
    department: Annotated[str, typer.Option(help="Only those that this department received.")] = "",
    status: Annotated[str, typer.Option(help="open, closed or not_judged; empty for all.")] = "open",
    rule: Annotated[str, typer.Option(help="A rule, such as A04.")] = "",
    severity: Annotated[str, typer.Option(help="R, O or Y.")] = "",
    answered: Annotated[bool | None, typer.Option(help="Only answered ones, or only those that are not.")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="As they stood at that moment (Asia/Shanghai).")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 100,
    as_json: Json = False,
) -> None:
    """List findings, gravest and most urgent first."""
    from warehouse.client import connection
    from warehouse.findings import Wanted, find

    wanted = Wanted((department,) if department else (), status, rule, severity, answered, as_of)
    with connection(settings(), "admin") as client:
        found = [finding.as_dict() for finding in find(client, wanted, limit)]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    names = ("id", "rule", "severity", "department", "deadline", "disposition", "question")
    table = Table(*names, box=None)
    for row in found:
        table.add_row(*(str(row[name]) for name in names))
    Console().print(table if found else "none")


@app.command()
def show(finding: Id) -> None:
    """Show one finding with its evidence and its history."""
    from warehouse.client import connection
    from warehouse.findings import get, history

    with connection(settings(), "admin") as client:
        found = get(client, finding)
        if found is None:
            raise ConfigurationError(f"there is no finding {finding}; `huanxin findings list` shows them")
        told = found.as_dict() | {"evidence": json.loads(found.evidence), "history": history(client, finding)}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@app.command()
def answer(
    finding: Id,
    disposition: Annotated[str, typer.Option(help="属实, 误报 or 已追回.")],
    recovered: Annotated[str, typer.Option(help="Yuan recovered, for 已追回.")] = "0",
    note: Annotated[str, typer.Option(help="What was found; no personal data.")] = "",
) -> None:
    """Keep the answer to a finding, audited."""
    from warehouse.client import connection
    from warehouse.findings import answer as keep
    from warehouse.findings import get

    with connection(settings(), "admin") as client:
        found = get(client, finding)
        if found is None:
            raise ConfigurationError(f"there is no finding {finding}; `huanxin findings list` shows them")
        keep(client, found, disposition, Decimal(recovered), note, getpass.getuser())
    typer.echo(f"{found.rule} {disposition}")
