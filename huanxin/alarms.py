"""`huanxin alarms`: what workers found that a person must know of; clearing one is a decision, and audited."""

import getpass
import json
from dataclasses import asdict
from typing import Annotated

import typer

from huanxin.settings import settings
from warehouse import alarms as store
from warehouse.audit import record
from warehouse.client import connection

app = typer.Typer(no_args_is_help=True, help="Alarms of the workers: list, clear.")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False) -> None:
    """List open alarms, oldest first; exits 1 where there is one."""
    with connection(settings(), "admin") as client:
        found = store.open_alarms(client)
    if as_json:
        typer.echo(json.dumps([{"id": alarm.id} | asdict(alarm) for alarm in found], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(f"{alarm.id}\n  {alarm.detail}" for alarm in found) or "no open alarm")
    raise typer.Exit(1 if found else 0)


@app.command()
def clear(
    alarm: Annotated[str, typer.Argument(help="An alarm's id, as list shows it.")],
    why: Annotated[str, typer.Option(help="What was found and done about it.")],
) -> None:
    """Clear one alarm. Where a share of dead letters stopped a partition, it goes on, and they become dead letters."""
    actor = getpass.getuser()
    with connection(settings(), "admin") as client:
        found = store.clear(client, alarm, actor)
        record(client, actor, "alarm.clear", [found.id], why)
    typer.echo(f"cleared {found.id}")
