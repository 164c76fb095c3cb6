"""The command line. Only this file imports everything."""

import json
import logging
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from huanxin import access, alarms, contracts, dead_letters, findings, payouts, rules
from huanxin.bench import bench
from huanxin.chaos.command import chaos
from huanxin.errors import ConfigurationError, HuanxinError
from huanxin.forecast import forecast
from huanxin.logging import configure
from huanxin.rebuild import rebuild
from huanxin.settings import Settings, settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="huanxin (换新): the data platform of equipment renewal and trade-in."
)
app.add_typer(access.app, name="access")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(contracts.app, name="contracts")
app.add_typer(findings.app, name="findings")
app.add_typer(payouts.app, name="payouts")
app.add_typer(alarms.app, name="alarms")
app.command()(chaos)
app.add_typer(rules.app, name="rules")
app.command()(bench)
app.command()(rebuild)
console = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def main() -> None:
    """Run the command; an error of ours ends it with one clear message and exit code 2."""
    for library in ("clickhouse_driver", "kafka"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what they say of a lost connection, our errors say with advice
    try:
        app()
    except HuanxinError as error:
        console.print(f"[bold red]{type(error).__name__}[/]: {error}", highlight=False, markup=True)
        raise SystemExit(2) from error


@app.command()
def up(superset: Annotated[bool, typer.Option(help="Start Superset too.")] = True) -> None:
    """Start the local stack, or whatever of it does not run."""
    _up(superset)


@app.command()
def down() -> None:
    """Stop the local stack; data stays."""
    from huanxin.stack.lifecycle import down as stop

    left = stop(settings())
    console.print("stopped" if not left else f"{left} processes are left")
    raise typer.Exit(1 if left else 0)


@app.command()
def status(as_json: Json = False) -> None:
    """Show services, lag per partition and freshness per source; exits 0 only when healthy."""
    from huanxin.stack.status import status as read

    state = read(settings())
    if as_json:
        typer.echo(json.dumps(state, ensure_ascii=False, indent=2, default=str))
    else:
        _print_status(state)
    raise typer.Exit(0 if state["healthy"] else 1)


@app.command()
def demo(detach: Annotated[bool, typer.Option(help="Return once all is healthy and loaded.")] = False) -> None:
    """Start the stack, load the demonstration county (synthetic), print where to look."""
    from expectations.runner import run_checks
    from huanxin.demo import load_demo, load_forecast, wait_until_landed
    from huanxin.stack.lifecycle import down as stop
    from warehouse.refreshed import refresh

    chosen = _up(superset=True)
    load_demo(chosen, console, plant=True)
    wait_until_landed(chosen, console)
    load_forecast(chosen, console)
    refresh(chosen)
    console.print("checking the data's quality")
    console.print(run_checks(chosen).as_text().splitlines()[-1], highlight=False)
    typer.echo(f"\n驾驶舱 dashboards:  http://{chosen.host}:{chosen.superset_port}/superset/dashboard/overview/")
    typer.echo(f"领导账号 sign-in:    leader / {chosen.secrets.superset_leader}")
    typer.echo(f"网关 gateway:        http://{chosen.host}:{chosen.gateway_port}/docs")
    typer.echo("演示数据 all data shown are synthetic. Stop with: make down")
    if not detach:
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            stop(chosen)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    seed: Annotated[int, typer.Option(help="Same seed, same files.")] = 1,
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "2023-01",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "2024-12",
    scale: Annotated[float, typer.Option(min=0.001, help="1 is a county of 380,000 people.")] = 1.0,
    anomalies: Annotated[bool, typer.Option("--anomalies", help="Plant cases of every supervision rule.")] = False,
    dirty: Annotated[bool, typer.Option("--dirty", help="Add the dirt of real files, and answers.jsonl.")] = False,
) -> None:
    """Write each department's exports of a synthetic county, plus truth.jsonl."""
    from huanxin.demo import run_simulation

    typer.echo(run_simulation(out, seed, first, last, scale, plant=anomalies, dirty=dirty))


@app.command()
def ingest(
    path: Annotated[Path, typer.Argument(exists=True, help="A CSV, XLSX, XLS, JSON or ZIP file, or a folder of them.")],
    source: Annotated[str, typer.Option(help="The registered source that sends it.")],
    results: Annotated[Path | None, typer.Option(help="Folder for result files; by default `results` in the home.")] = None,
    as_json: Json = False,
) -> None:
    """Take in a file or a folder; prints what was accepted, duplicate and rejected, with rows, fields and reasons."""
    from huanxin.intake import ingest_path

    report = ingest_path(settings(), path, source, console, results or settings().home / "results" / source)
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else report.as_text())
    raise typer.Exit(0 if report.clean else 1)


@app.command()
def check(as_json: Json = False) -> None:
    """Run the Great Expectations suites; exits 1 on a critical failure."""
    from expectations.runner import run_checks

    outcome = run_checks(settings())
    typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2) if as_json else outcome.as_text())
    raise typer.Exit(1 if outcome.critical_failures else 0)


@app.command()
def reconcile(as_json: Json = False) -> None:
    """Check the ledger identity per source and day, in events and in yuan; exits 1 on a break."""
    from warehouse.client import connection
    from warehouse.reconcile import reconcile as ask

    with connection(settings(), "admin") as client:
        outcome = ask(client)
    typer.echo(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2) if as_json else outcome.as_text())
    raise typer.Exit(1 if outcome.breaks else 0)


app.command()(forecast)


@app.command()
def key(source: Annotated[str, typer.Argument(help="A registered source.")]) -> None:
    """Print a source's key for the gateway."""
    keys = settings().secrets.source_keys
    if source not in keys:
        raise ConfigurationError(f"{source} has no key; sources with keys: {', '.join(keys) or 'none, start with huanxin up'}")
    typer.echo(keys[source])


@app.command()
def migrate() -> None:
    """Bring ClickHouse and Kafka to the tree's schema, topics and reference data (up does it too)."""
    from huanxin.prepare import prepare

    applied, topics = prepare(settings())
    typer.echo(f"migrations applied: {applied}, topics made: {topics}")


@app.command()
def gateway() -> None:
    """Run the HTTP gateway in this process."""
    from ingest.gateway.serve import serve

    configure(settings().log_level)
    serve(settings())


@app.command()
def watch(
    healthy: Annotated[bool, typer.Option("--healthy", help="Only say whether the watcher of this home lives.")] = False,
) -> None:
    """Take in what lands in the drop folder, for as long as it runs: <drop>/<source id>/file, then done/ or failed/."""
    from huanxin.heartbeat import alive

    if healthy:
        raise typer.Exit(0 if alive(settings()) else 1)
    from huanxin.watch import watch as run

    configure(settings().log_level)
    run(settings())


@app.command()
def connectors(
    registry: Annotated[Path | None, typer.Option(exists=True, help="Sources; by default the tree's.")] = None,
) -> None:
    """Read the registered databases in this process: polled tables, and captured changes."""
    from huanxin.connectors import run

    configure(settings().log_level)
    run(settings(), registry)


@app.command()
def worker(index: Annotated[int, typer.Option(help="Its place among this machine's workers.")] = 0) -> None:
    """Run one Faust worker in this process."""
    from streams.worker import run_worker

    configure(settings().log_level)
    run_worker(settings(), index)


def _up(superset: bool) -> Settings:
    from huanxin.stack.lifecycle import up as start

    begun = time.monotonic()
    with console.status("starting") as spinner:

        def say(what: str) -> None:
            spinner.update(what)
            console.print(f"[dim]{time.monotonic() - begun:5.1f} s[/]  {what}", highlight=False)

        chosen = start(settings(), say, superset)
    console.print(f"[dim]{time.monotonic() - begun:5.1f} s[/]  healthy")
    return chosen


def _print_status(state: dict[str, Any]) -> None:
    for name, service in state["services"].items():
        typer.echo(
            f"{name:12} {service['state']:10} {'healthy' if service['healthy'] else 'NOT HEALTHY'}  pid {service['pid']}"
        )
    if not state["services"]:
        typer.echo("not running; start it with: huanxin up")
    for alarm in state["alarms"]:
        typer.echo(f"ALARM {alarm['id']}\n      {alarm['detail']}")
    for topic, partitions in state["lag"].items():
        typer.echo(f"lag {topic:34} {' '.join(str(lag) for lag in partitions.values())}")
    for source, fresh in state["freshness"].items():
        received, beat = fresh["last_received_at"] or "never", fresh["last_heartbeat_at"] or "none"
        typer.echo(f"fresh {source:24} last received {received}, heartbeat {beat}")
