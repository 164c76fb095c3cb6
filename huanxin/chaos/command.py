"""The verb `huanxin chaos`."""

import json
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from huanxin.errors import ConfigurationError

console = Console(stderr=True)
QUICK, FULL = (1, 1_000, 1), (10, 5_000, 5)
"""Injections of each kind, events of each injection, and injections before all is compared."""


def chaos(
    full: Annotated[bool, typer.Option("--full/--quick", help="The whole matrix, or each kind once with few events.")] = False,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be given several times.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same events and the same choices of where to strike.")] = 1,
    injections: Annotated[int | None, typer.Option(min=1, help="Injections of each kind.")] = None,
    events: Annotated[int | None, typer.Option(min=100, help="Events of each injection.")] = None,
    patience: Annotated[float, typer.Option(min=1, help="Every wait so many times as long: for a machine that does more.")] = 1,
    keep: Annotated[bool, typer.Option(help="Keep the run's folder: logs, data and the oracle's files.")] = False,
    results: Annotated[Path | None, typer.Option(help="Add the outcomes to this file; the report is of all it holds.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the table into this Markdown file, between its marks.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
    mutations: Annotated[
        bool, typer.Option(help="Plant faults in the workers' code instead: each must make a run fail.")
    ] = False,
    list_kinds: Annotated[bool, typer.Option("--list", help="Print the kinds and end.")] = False,
) -> None:
    """Break a stack of its own in every way there is; exits 1 on any loss, double, unproven fault or unmet wait."""
    from huanxin.chaos.faults import kinds
    from huanxin.chaos.lab import Lab
    from huanxin.chaos.mutations import MUTATIONS, run_mutations
    from huanxin.chaos.report import append, as_text, summary, write_table
    from huanxin.chaos.run import Runner

    known = kinds()
    if list_kinds:
        typer.echo("\n".join(f"{name:34} {known[name].title}" for name in known))
        return
    unknown = sorted(set(kind or ()) - set(known))
    if unknown:
        raise ConfigurationError(f"unknown kinds {unknown}; huanxin chaos --list names them")
    chosen = [known[name] for name in known if not kind or name in kind]
    times, size, strikes = FULL if full else QUICK
    began = time.monotonic()

    def say(what: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:6.1f} s[/]  {what}", highlight=False, markup=True, soft_wrap=True)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing of the stack is left behind
    if mutations:
        missed = run_mutations(seed, events or size, say)
        typer.echo(
            f"chaos: mutations {len(MUTATIONS)}, caught {len(MUTATIONS) - len(missed)}, {time.monotonic() - began:.0f} s"
        )
        raise typer.Exit(1 if missed else 0)
    with Lab(say, keep, patience=patience) as lab:
        say(f"stack of its own in {lab.home}")
        runner = Runner(lab, seed, say)
        outcomes, everything = [], []
        for outcome in runner.run(chosen, injections or times, events or size, full, strikes):
            outcomes.append(outcome.as_dict())
            everything = append(results, outcomes[-1:]) if results else outcomes
    if report:
        write_table(report, everything)
    typer.echo(json.dumps(outcomes, ensure_ascii=False, indent=1) if as_json else as_text(outcomes))
    typer.echo(f"{summary(outcomes)}, {time.monotonic() - began:.0f} s", err=as_json)
    if not runner.controlled:
        typer.echo("chaos: the negative control could not be run", err=True)
    raise typer.Exit(0 if runner.controlled and all(outcome["right"] for outcome in outcomes) else 1)
