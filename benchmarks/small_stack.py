"""Kafka and the gateway alone, in a folder of their own: for measuring and for breaking without disturbing a whole stack."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huanxin.settings import Settings
from huanxin.stack import kafka
from huanxin.stack.choices import PORTS, choose, free_ports
from huanxin.stack.health import wait_for
from huanxin.stack.programs import Program, programs
from huanxin.stack.runtime import ensure_runtime
from huanxin.stack.supervision import Supervisor
from ingest.sources import sources
from streams.topics import ensure_topics


@contextmanager
def small_stack(home: Path, gateways: int = 1) -> Iterator[tuple[Settings, Supervisor]]:
    """Start both on free ports; stopped at the end, whatever happened. The folder must be new."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "ports.json").write_text(json.dumps(dict(zip(PORTS, free_ports(len(PORTS)), strict=True))))
    settings = choose(Settings(home=home), list(sources()))
    ensure_runtime(settings, lambda _: None)
    kafka.prepare(settings)
    supervisor = Supervisor(settings)
    wanted = [program for program in programs(settings) if program.name in ("kafka", "gateway")]
    environment = {"HUANXIN_GATEWAYS": str(gateways)}
    supervisor.start([Program(p.name, p.command, {**p.environment, **environment}, p.stop_seconds) for p in wanted])
    try:
        for name in ("kafka", "gateway"):
            supervisor.start_program(name)
            wait_for(supervisor, settings, name, 180)
            if name == "kafka":
                ensure_topics(settings)
        yield settings, supervisor
    finally:
        supervisor.shutdown()
