"""What an event costs beside few and many stored ones: `python -m benchmarks.size --stored 1000000 10000000 100000000`.

On a Kafka and a ClickHouse of its own. Payments are landed by the real worker with all that follows from them, then multiplied
within ClickHouse over four years until so many are stored; then new ones of one month are landed beside them. The cost is
the CPU of worker and ClickHouse from the first stored batch until nothing is left, for each event, the copies being merged: of
the job that the peers do too, and with all that follows from an event.
A million payments take 0.25 GB, and 0.5 GB in the cases, which are copied for the first twenty millions only.
"""

import argparse
import time
from contextlib import nullcontext
from datetime import date

import psutil
from clickhouse_driver import Client
from rich.console import Console

from benchmarks.contenders import OURS, PLATFORM, Running, running, without_cases
from benchmarks.crowd import LEDGER, count, document, keep, write_copies
from benchmarks.ground import LANDING, TOPIC, Say, fill, ground, machine
from huanxin.settings import Settings
from huanxin.stack.status import lag
from huanxin.stack.supervision import Supervisor
from schemas.catalogue import TOUCHED_CELLS
from warehouse.client import connection

SPREAD_FROM, SPREAD_DAYS = date(2023, 1, 1), 1460
ROWS = f"SELECT sum(rows) FROM system.parts WHERE active AND concat(database, '.', table) = '{LANDING}'"
CHUNK = 10_000
IN_CASES = 20_000_000
QUIET_LOOKS, SETTLE_SECONDS = 5, 900
"""So many looks in a row without a merge, a second apart, or so long at most."""

say: Say = Console(stderr=True).print


def grow(client: Client, copies: range) -> None:
    """Write copies of what was kept, one after another over all the days; each came on the day after its own."""
    stretch = f"intDiv((copy - {copies.start}) * {SPREAD_DAYS}, {len(copies)})"
    day = f"toDate('{SPREAD_FROM}') + toUInt32({stretch} + toDayOfMonth(day))"
    paid = f"toDateTime64({day}, 3, 'Asia/Shanghai')"
    came = f"{paid} + toIntervalSecond(86400 + cityHash64(kafka_offset, copy) % 80000)"
    write_copies(client, LANDING, copies, document(client, LANDING) | {"day": day, "paid_at": paid, "received_at": came})
    write_copies(client, "landing.ledger", copies, LEDGER | {"day": day, "received_at": came})


def settle(client: Client) -> float:
    """Wait for the merges; returns the seconds that took."""
    begun, quiet = time.monotonic(), 0
    while quiet < QUIET_LOOKS and time.monotonic() - begun < SETTLE_SECONDS:
        ((merging,),) = client.execute("SELECT count() FROM system.merges")
        quiet = 0 if merging else quiet + 1
        time.sleep(1)
    return time.monotonic() - begun


def cost(name: str, chosen: Settings, client: Client, events: int) -> tuple[float, float, float]:
    """One contender's events a second, and µs of CPU an event: of the worker, and of ClickHouse."""
    server = psutil.Process(Supervisor(chosen).states()["clickhouse"]["pid"])

    def look(contender: Running) -> tuple[float, int, float, float]:
        contender.check()
        ((here,),) = client.execute(ROWS)  # asked of the table itself, the looks would cost as much as the inserts
        return time.monotonic(), int(here), contender.cpu_seconds(), sum(server.cpu_times()[:2])

    with running(name, chosen, CHUNK) as contender:
        before = look(contender)
        while (first := look(contender))[1] == before[1]:
            time.sleep(0.05)
        while (landed := look(contender))[1] < before[1] + events:
            time.sleep(0.1)
        to_do = (TOPIC,) if name == OURS else (TOPIC, TOUCHED_CELLS)
        while sum(sum(lag(chosen)[topic].values()) for topic in to_do):
            time.sleep(0.5)
        done = look(contender)
    counted = landed[1] - first[1]
    return (
        counted / (landed[0] - first[0]),
        (done[2] - first[2]) / counted * 1e6,
        (done[3] - first[3]) / counted * 1e6,
    )


def main() -> None:
    """Measure at each size and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000_000, 10_000_000, 100_000_000])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with ground(say) as chosen, connection(chosen, "admin") as client:
        fill(chosen, asked.events)
        cost(PLATFORM, chosen, client, asked.events)
        kept = [keep(client, name) for name in (LANDING, "landing.ledger")]
        number, copy, base = asked.events, 1, dict[str, float]()
        for stored in asked.stored:
            begun = time.monotonic()
            missing = range(copy, copy + (stored - count(client, LANDING)) // count(client, kept[0]) + 1)
            with without_cases(chosen) if stored > IN_CASES else nullcontext():
                grow(client, missing)
            copy = missing.stop
            filled = time.monotonic() - begun
            say(f"{count(client, LANDING):,} stored after {filled:.0f} s, merged {settle(client):.0f} s later")
            for name in [OURS, PLATFORM] * asked.rounds:
                fill(chosen, asked.events, seed=number, first=number)
                rate, own, server = cost(name, chosen, client, asked.events)
                number += asked.events
                first = base.setdefault(name, own + server)
                print(
                    f"{stored:>12,} stored, {name}: {rate:,.0f}/s, worker {own:.1f} + ClickHouse {server:.1f} µs an event, "
                    f"{(own + server) / first:.2f} × the first",
                    flush=True,
                )
    print(machine())


if __name__ == "__main__":
    main()
