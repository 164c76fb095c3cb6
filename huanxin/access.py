"""`huanxin access`: the accounts of departments and groups, and ClickHouse's users file for the compose file."""

from pathlib import Path
from typing import Annotated

import typer

from huanxin.settings import settings

app = typer.Typer(no_args_is_help=True, help="Accounts of departments, leaders, data team and auditors.")


@app.command("sign-ins")
def sign_ins() -> None:
    """Print each account of Superset with its role and password: for whoever hands them out."""
    from warehouse.seats import password, seats

    secrets = settings().secrets
    for seat in seats():
        given = secrets.superset_leader if seat.id == "leader" else password(secrets.seats_key, "superset", seat.id)
        typer.echo(f"{seat.id:12} {given:18} {seat.name}")


@app.command()
def key(seat: Annotated[str, typer.Argument(help="A department's id, as sign-ins shows it.")]) -> None:
    """Print a department's key for /v1/findings of the gateway."""
    from warehouse.seats import password, seats

    if seat not in {found.id for found in seats() if found.is_department}:
        raise typer.BadParameter(f"{seat} is no department")
    typer.echo(password(settings().secrets.seats_key, "gateway", seat))


@app.command("users-file")
def users_file(out: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write ClickHouse's users file; the server reads a changed one within seconds (up does it too)."""
    from warehouse.users_file import write

    write(out, settings().secrets.seats_key)
    typer.echo(f"written: {out}")
