"""`huanxin up` and `huanxin down`: ordered start on health, clean stop."""

from collections.abc import Callable

from huanxin.prepare import prepare
from huanxin.settings import Settings
from huanxin.stack import choices, clickhouse, kafka, superset
from huanxin.stack.health import wait_for
from huanxin.stack.programs import programs
from huanxin.stack.runtime import ensure_runtime
from huanxin.stack.supervision import Supervisor
from ingest.sources import sources

Progress = Callable[[str], None]
_SECONDS = {"kafka": 60.0, "clickhouse": 60.0, "gateway": 60.0, "superset": 120.0}


def up(settings: Settings, say: Progress, with_superset: bool = True, stores_only: bool = False) -> Settings:
    """Start what does not run and bring everything to the tree's state; returns the settings with ports and secrets.

    `stores_only` starts Kafka and ClickHouse and nothing that uses them.
    A second call finds everything running and changes nothing. Raises StackError saying what is missing.
    """
    settings = choices.choose(settings, list(sources()))
    supervisor = Supervisor(settings)
    ensure_runtime(settings, say)
    if not supervisor.running():
        supervisor.shutdown()  # processes that outlived a killed supervisord would hold the ports and the data
        choices.require_free(settings, choices.PORTS[:4] if stores_only else choices.PORTS)
    kafka.prepare(settings)
    clickhouse.prepare(settings)
    wanted = [program for program in programs(settings) if with_superset or program.name != "superset"]
    wanted = wanted[:2] if stores_only else wanted
    supervisor.start(wanted)
    for name in ("kafka", "clickhouse"):
        say(f"{name}: starting")
        supervisor.start_program(name)
    for name in ("kafka", "clickhouse"):
        wait_for(supervisor, settings, name, _SECONDS[name])
    say("topics, migrations, reference data")
    prepare(settings)
    if any(program.name == "superset" for program in wanted):
        say("superset: pages, roles, users")
        superset.provision(settings)
    for program in wanted[2:]:
        say(f"{program.name}: starting")
        supervisor.start_program(program.name)
    for program in wanted[2:]:
        wait_for(supervisor, settings, program.name, _SECONDS.get(program.name, 60.0))
    return settings


def down(settings: Settings) -> int:
    """Stop everything; returns how many processes of this stack are left (0)."""
    supervisor = Supervisor(settings)
    supervisor.shutdown()
    return len(supervisor.processes())
