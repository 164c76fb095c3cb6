"""`huanxin bench`: the platform's speed beside its peers', and its own latency, scaling and cost at size."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from huanxin.settings import settings

console = Console(stderr=True)


def bench(
    full: Annotated[
        bool, typer.Option("--full/--quick", help="Five rounds of many events, or three of few (some 3 minutes).")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Where the result is written as JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Run the same job through each peer and a worker, in turn; exits 1 where a goal is missed."""
    from benchmarks.compare import compare
    from benchmarks.contenders import require_peers
    from benchmarks.ground import fill, ground

    require_peers()
    events, rounds = (400_000, 5) if full else (60_000, 3)

    def say(what: str) -> None:
        console.print(f"[dim]{what}[/]", highlight=False)

    with ground(say) as chosen:
        say(f"{events:,} events")
        fill(chosen, events)
        result = compare(chosen, events, rounds, 10_000 if not full else 20_000, say)
    _end(result, out or settings().home / "bench.json", as_json)


def _end(result: dict[str, Any], out: Path, as_json: bool) -> None:
    from benchmarks.contenders import NOT_THE_WHOLE_JOB

    text = json.dumps(result, ensure_ascii=False, indent=2)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n", encoding="utf-8")
    if as_json:
        typer.echo(text)
    for name, figures in result["contenders"].items():
        ratio, partial = result["ratios"].get(name), NOT_THE_WHOLE_JOB.get(name)
        typer.echo(
            f"{name:26}{figures['events_per_second']:>9,}/s  CPU {figures['cpu_us_per_event']:>6} µs + "
            f"ClickHouse {figures['clickhouse_us_per_event']:>5} µs{f'   ours is {ratio:.2f}×' if ratio else ''}"
            f"{f'   (not the whole job: {partial})' if partial else ''}",
            err=as_json,
        )
    reached = ", ".join(f"{r:.2f}× {name} (goal {result['goals'][name]}×)" for name, r in result["reached"].items())
    typer.echo(f"bench: {reached}; best peer {result['best_peer']}; {len(result['missed'])} goals missed", err=as_json)
    raise typer.Exit(1 if result["missed"] else 0)
