"""`huanxin payouts`: asks about a file of payments before money leaves."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from huanxin.errors import ConfigurationError, RejectedError
from huanxin.settings import settings

app = typer.Typer(no_args_is_help=True, help="Payments before they are made: check.")


@app.callback()
def payouts() -> None:
    """Payments before they are made."""


@app.command()
def check(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file as the source sends it (see ingest).")],
    source: Annotated[str, typer.Option(help="The registered source that would pay.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Say pass, hold or refer for each payment of the file, with reasons; exits 1 where any is not pass. Stores nothing."""
    from ingest.files.opening import opened
    from ingest.files.part import Part
    from ingest.files.rows import read_rows
    from ingest.precheck import Checker
    from ingest.sources import sources
    from schemas.envelope import Envelope
    from schemas.identity import Identifier
    from warehouse.client import connection

    found = sources().get(source)
    if found is None:
        raise ConfigurationError(f"{source} is not a registered source; registered are: {', '.join(sources())}")
    rows = []
    for part in opened(path, found.file.encoding):
        if not isinstance(part, Part):
            raise ConfigurationError(str(part))
        rows += [row for row in read_rows(part, found).rows if row.event is not None]
    checker = Checker(Identifier(bytes.fromhex(settings().secrets.pseudonym_key)))
    documents = [row.event.data if isinstance(row.event, Envelope) else {} for row in rows]
    with connection(settings(), "worker") as client:
        answers = checker.check(client, found, documents) if documents else []
    told: list[dict[str, Any]] = []
    for row, answer in zip(rows, answers, strict=True):
        if isinstance(row.event, RejectedError) or isinstance(answer, RejectedError):
            fault = row.event if isinstance(row.event, RejectedError) else answer
            told.append({"row": row.number, "verdict": "rejected", "reasons": [str(fault)]})
        else:
            told.append({"row": row.number, "verdict": answer.verdict, "reasons": [r.question for r in answer.reasons]})
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for line in told:
            typer.echo(f"row {line['row']}: {line['verdict']}")
            for reason in line["reasons"]:
                typer.echo(f"    {reason}")
        counts = {
            verdict: sum(line["verdict"] == verdict for line in told) for verdict in ("pass", "hold", "refer", "rejected")
        }
        typer.echo(", ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    raise typer.Exit(1 if any(line["verdict"] != "pass" for line in told) else 0)
