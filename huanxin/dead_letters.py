"""`huanxin dead-letters`: see what could not be landed, send it again after a fix, or set it aside. Every act is audited."""

import getpass
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from huanxin.settings import settings
from warehouse import dead_letters as store
from warehouse.audit import record
from warehouse.client import connection
from warehouse.dead_letters import DeadLetter, Filter

app = typer.Typer(no_args_is_help=True, help="What could not be landed: list, show, replay, discard.")

Type = Annotated[str, typer.Option("--type", help="Event type, such as subsidy.paid.")]
Source = Annotated[str, typer.Option(help="Source id.")]
Stage = Annotated[str, typer.Option(help="open, envelope or data.")]
Reason = Annotated[str, typer.Option(help="The reason, as list shows it.")]
Since = Annotated[datetime | None, typer.Option(help="Arrived at or after (Asia/Shanghai).")]
Until = Annotated[datetime | None, typer.Option(help="Arrived before (Asia/Shanghai).")]
Letters = Annotated[list[str] | None, typer.Argument(help="topic/partition/offset, as list shows them; none: by the filters.")]
Limit = Annotated[int, typer.Option(min=1, help="The most that one call takes, oldest first.")]
DryRun = Annotated[bool, typer.Option(help="Say what would happen and do nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

_LISTED = ("letter", "source", "stage", "reason", "field", "state", "received_at")
_COUNTED = ("event_type", "stage", "reason", "state", "letters")


@app.command("list")
def list_(
    event_type: Type = "",
    source: Source = "",
    stage: Stage = "",
    reason: Reason = "",
    state: Annotated[str, typer.Option(help="open, replayed or discarded; empty for all.")] = "open",
    since: Since = None,
    until: Until = None,
    limit: Limit = 100,
    summary: Annotated[bool, typer.Option(help="Numbers by type, stage, reason and state only.")] = False,
    as_json: Json = False,
) -> None:
    """List dead letters, oldest first."""
    wanted = Filter(event_type, source, stage, reason, state, since, until)
    with connection(settings(), "admin") as client:
        if summary:
            rows = [dict(zip(_COUNTED, row, strict=True)) for row in store.count(client, wanted)]
        else:
            rows = [letter.as_dict() for letter in store.find(client, wanted, limit)]
    _print(rows, _COUNTED if summary else _LISTED, as_json)


@app.command()
def show(
    letter: Annotated[str, typer.Argument(help="topic/partition/offset.")],
    payload: Annotated[bool, typer.Option(help="Open the sealed payload too: personal data, and the look is audited.")] = False,
) -> None:
    """Show one dead letter: what is wrong, where, and what was done about it."""
    with connection(settings(), "admin") as client:
        found = store.get(client, letter).as_dict()
        if payload:
            record(client, getpass.getuser(), "dead_letter.open", [letter])
            sealed = store.sealed_payloads(client, [letter])[letter]
            found["payload"] = _seal().open(sealed, letter).decode(errors="backslashreplace")
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


@app.command()
def replay(
    letters: Letters = None,
    event_type: Type = "",
    source: Source = "",
    stage: Stage = "",
    reason: Reason = "",
    since: Since = None,
    until: Until = None,
    limit: Limit = 1000,
    force: Annotated[bool, typer.Option(help="Send those too that today's model would refuse again.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Send open dead letters to their topic again. Sending twice has no second effect."""
    from ingest.publisher import KafkaPublisher
    from ingest.replay import open_letter
    from ingest.replay import replay as send

    with connection(settings(), "admin") as client:
        found = _chosen(client, letters, Filter(event_type, source, stage, reason, "open", since, until), limit)
        sealed = store.sealed_payloads(client, [letter.letter for letter in found])
        opened = [open_letter(_seal(), letter.letter, letter.event_type, sealed[letter.letter]) for letter in found]
        ready = [one for one in opened if force or one.fault is None]
        if ready and not dry_run:
            publisher = KafkaPublisher(settings().kafka_bootstrap)
            try:
                send(publisher, ready)
            finally:
                publisher.close()
            record(client, getpass.getuser(), "dead_letter.replay", [one.letter for one in ready])
    for one in opened:
        if one.fault is not None:
            typer.echo(f"{one.letter}  still {one.fault.reason} at {one.fault.field or '-'}", err=True)
    verb = "would be sent" if dry_run else "sent"
    typer.echo(f"{len(found)} open dead letters: {len(ready)} {verb}, {len(found) - len(ready)} still not valid")


@app.command()
def discard(
    why: Annotated[str, typer.Option(help="The reason, for the audit; no personal data.")],
    letters: Letters = None,
    event_type: Type = "",
    source: Source = "",
    stage: Stage = "",
    reason: Reason = "",
    since: Since = None,
    until: Until = None,
    limit: Limit = 1000,
    dry_run: DryRun = False,
) -> None:
    """Set open dead letters aside. They stay stored; replaying them by their place is still possible."""
    with connection(settings(), "admin") as client:
        found = _chosen(client, letters, Filter(event_type, source, stage, reason, "open", since, until), limit)
        if not dry_run:
            store.discard(client, found, getpass.getuser(), why)
    typer.echo(f"{len(found)} dead letters {'would be' if dry_run else ''} discarded".replace("  ", " "))


def _chosen(client: Any, letters: Sequence[str] | None, wanted: Filter, limit: int) -> list[DeadLetter]:
    """Those named, whatever their state, or those the filter finds."""
    return [store.get(client, letter) for letter in letters] if letters else store.find(client, wanted, limit)


def _seal() -> Any:
    from schemas.seal import Seal

    return Seal(bytes.fromhex(settings().secrets.seal_key))


def _print(rows: Sequence[dict[str, Any]], names: Sequence[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    table = Table(*names, box=None)
    for row in rows:
        table.add_row(*(str(row[name]) for name in names))
    Console().print(table if rows else "none")
