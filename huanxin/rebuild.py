"""`huanxin rebuild`: all marts from the landing tables, or everything from Kafka, while readers read and workers work."""

import getpass
from typing import Annotated, Literal

import typer
from rich.console import Console

from huanxin.settings import settings

Origin = Literal["landing", "kafka"]


def rebuild(
    origin: Annotated[Origin, typer.Option("--from", help="landing: the marts only. kafka: replay it all first.")] = "landing",
    dry_run: Annotated[bool, typer.Option(help="With --from kafka: compare only, change nothing.")] = False,
) -> None:
    """Rebuild beside the live tables and exchange; exits 1 where what was stored differed from Kafka."""
    from warehouse.audit import record
    from warehouse.client import connection
    from warehouse.rebuild import rebuild_daily

    chosen, console = settings(), Console(stderr=True)
    differed = _from_kafka(console, dry_run) if origin == "kafka" else False
    if not dry_run:
        with connection(chosen, "admin") as client, console.status("counting") as spinner:
            rebuild_daily(client, spinner.update)
            record(client, getpass.getuser(), "rebuild.run", ["mart"], f"from {origin}")
        typer.echo("marts rebuilt")
    raise typer.Exit(1 if differed else 0)


def _from_kafka(console: Console, dry_run: bool) -> bool:
    """Whether what was stored differed from Kafka."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from streams.rebuild import replay
    from warehouse.audit import record
    from warehouse.client import connection

    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar, connection(settings(), "admin") as client:
        task = bar.add_task("replay", total=None)
        outcome = replay(settings(), client, lambda done, total: bar.update(task, completed=done, total=total), dry_run)
        if not dry_run:
            record(client, getpass.getuser(), "rebuild.run", ["landing"], f"{outcome.messages} messages from Kafka")
    for found in outcome.differences:
        typer.echo(f"{found.table} differed: {found.live_rows} rows stored, {found.replayed_rows} from Kafka")
    typer.echo(f"{outcome.messages} messages replayed, {len(outcome.differences)} tables differed")
    return bool(outcome.differences)
