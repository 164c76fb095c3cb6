"""The same job side by side: rounds in turn, medians, ratios. The work of `huanxin bench`.

A contender is started, and its table's count is looked at from outside until all is there. The rate is that from its first
batch to its last, so that a start costs nobody anything. CPU is its processes' own and ClickHouse's, per event: it says what
the work costs where other programs disturb the clock.
"""

import statistics
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import psutil

from benchmarks.contenders import FAUST, NAMES, NOT_THE_WHOLE_JOB, OURS, PLATFORM, QUIX, running, table_of
from benchmarks.ground import Say, clear, machine
from huanxin.settings import Settings
from huanxin.stack.supervision import Supervisor
from warehouse.client import connection

GOALS = {"best peer": 1.0, QUIX: 1.5, FAUST: 4.0}
"""At least so many times the peer's events per second."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one contender."""

    events_per_second: float
    cpu_us: float
    """Microseconds of its processes' CPU per event."""
    clickhouse_us: float
    """Microseconds of ClickHouse's CPU per event."""


def measure(name: str, chosen: Settings, events: int, batch: int, workers: int = 1, patience: float = 300) -> Measurement:
    """Run one contender over the whole topic. Raises TimeoutError where it does not get through."""
    clear(chosen, table_of(name))
    server = psutil.Process(Supervisor(chosen).states()["clickhouse"]["pid"])
    with connection(chosen, "admin") as client, running(name, chosen, batch, workers) as contender:
        samples: list[tuple[float, int, float, float]] = []
        deadline = time.monotonic() + patience
        while not samples or samples[-1][1] < events:
            ((count,),) = client.execute(f"SELECT count() FROM {contender.table}")
            if count and (not samples or count > samples[-1][1]):
                samples.append((time.monotonic(), count, contender.cpu_seconds(), sum(server.cpu_times()[:2])))
            contender.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} stored {count} of {events} events within {patience:.0f} s; see {contender.log}")
            time.sleep(0.1)
    (begun, first, cpu, server_cpu), (ended, last, cpu_end, server_end) = samples[0], samples[-1]
    if len(samples) < 3:
        raise RuntimeError(f"{name} stored everything in {len(samples)} looks: measure more events")
    done = last - first
    return Measurement(done / (ended - begun), (cpu_end - cpu) / done * 1e6, (server_end - server_cpu) / done * 1e6)


def compare(chosen: Settings, events: int, rounds: int, batch: int, say: Say, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """All contenders in turn, so many rounds; each round begins with another one."""
    found: defaultdict[str, list[Measurement]] = defaultdict(list)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            result = measure(name, chosen, events, batch)
            found[name].append(result)
            say(f"round {number + 1}  {name:24} {result.events_per_second:8,.0f}/s  {result.cpu_us:6.1f} µs of CPU")
    return {
        "machine": machine(),
        "events": events,
        "rounds": rounds,
        "batch": batch,
        "contenders": _medians(found),
        **_ratios(found),
    }


def _medians(found: dict[str, list[Measurement]]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "events_per_second": round(statistics.median(m.events_per_second for m in runs)),
            "runs": [round(m.events_per_second) for m in runs],
            "cpu_us_per_event": round(statistics.median(m.cpu_us for m in runs), 1),
            "clickhouse_us_per_event": round(statistics.median(m.clickhouse_us for m in runs), 1),
        }
        for name, runs in found.items()
    }


def _ratios(found: dict[str, list[Measurement]]) -> dict[str, Any]:
    """Ours over each peer: the median of the rounds' ratios, since a round's runs share the machine's mood."""
    ratios = {
        name: round(
            statistics.median(o.events_per_second / p.events_per_second for o, p in zip(found[OURS], runs, strict=True)), 2
        )
        for name, runs in found.items()
        if name != OURS
    }
    peers = [name for name in ratios if name != PLATFORM and name not in NOT_THE_WHOLE_JOB]
    best = min(peers, key=lambda name: ratios[name])
    reached = {"best peer": ratios[best], **{name: ratios[name] for name in (QUIX, FAUST) if name in ratios}}
    missed = {name: goal for name, goal in GOALS.items() if reached.get(name, goal) < goal}
    return {"ratios": ratios, "best_peer": best, "reached": reached, "goals": GOALS, "missed": missed}
