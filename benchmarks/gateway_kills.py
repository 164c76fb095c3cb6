"""kill -9 of the gateway in mid-load: no accepted event is missing, none counts twice. Needs a running stack.

`python -m benchmarks.gateway_kills --kills 20` kills all of the gateway's processes at random moments while sources send, and
compares what was answered with what mart.daily counts. The events are synthetic weighings of one day, 2015-02-01 on.
"""

import argparse
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import psutil
from rich.console import Console

from benchmarks.latency import TYPE
from benchmarks.senders import Senders
from huanxin.demo import wait_until_landed
from huanxin.settings import Settings, settings
from huanxin.stack.supervision import Supervisor
from schemas.catalogue import example
from warehouse.client import connection

FIRST_DAY = date(2015, 2, 1)


@dataclass(frozen=True)
class Outcome:
    """What was answered as accepted, and what is counted."""

    kills: int
    accepted: int
    counted: int
    yuan_accepted: Decimal
    yuan_counted: Decimal
    cut: int
    """Requests that a kill left without an answer; each was sent again."""

    @property
    def holds(self) -> bool:
        """Nothing missing, nothing double."""
        return (self.accepted, self.yuan_accepted) == (self.counted, self.yuan_counted)


def run(chosen: Settings, kills: int, day: date, dice: random.Random, landed: Callable[[], None]) -> Outcome:
    """Kill the gateway so many times while four sources send; returns once all is counted."""
    key = chosen.secrets.source_keys[example(TYPE)["source"]]
    url = f"http://{chosen.host}:{chosen.gateway_port}"
    senders = Senders(url, key, day, f"K{time.time_ns():x}").start()
    for _ in range(kills):
        senders.wait_for(len(senders.accepted) + 20)
        time.sleep(dice.uniform(0, 1.0))
        parent = psutil.Process(Supervisor(chosen).states()["gateway"]["pid"])
        for process in [parent, *parent.children(recursive=True)]:
            os.kill(process.pid, signal.SIGKILL)
    senders.wait_for(len(senders.accepted) + 20)
    senders.stop()
    landed()
    with connection(chosen, "admin") as client:
        query = "SELECT sum(events), sum(amount_yuan) FROM mart.daily WHERE stream = %(s)s AND day = %(d)s"
        ((counted, yuan),) = client.execute(query, {"s": TYPE, "d": day})
    total = sum(senders.accepted.values(), Decimal(0))
    return Outcome(kills, len(senders.accepted), counted, total, yuan, senders.outcomes["cut"])


def main() -> None:
    """Run and print one line; exits 1 where anything is missing or double."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dice, chosen = random.Random(arguments.seed), settings()
    day = FIRST_DAY + timedelta(days=int(time.time()) % 300)  # a second run counts another day
    outcome = run(chosen, arguments.kills, day, dice, lambda: wait_until_landed(chosen, Console(stderr=True)))
    print(f"{outcome} {'holds' if outcome.holds else 'BROKEN'}")
    raise SystemExit(0 if outcome.holds else 1)


if __name__ == "__main__":
    main()
