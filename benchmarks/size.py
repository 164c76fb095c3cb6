"""What an event costs beside few and many stored ones: `python -m benchmarks.size --stored 1000000 10000000 100000000`.

On a Kafka and a ClickHouse of its own. Payments are landed by the real worker, then multiplied within ClickHouse over four
years until so many are stored; then new ones of one month are landed beside them. The cost is the CPU of worker and ClickHouse
for the job that the peers do too, from the first stored batch until nothing is left, for each event.
Sizes take turns, minutes apart, because an hour apart one size alone costs half as much again: each keeps its rows in tables of
its own, whose partitions move into the platform's for its turn. A million payments take 0.25 GB.
"""

import argparse
import time
from datetime import date
from statistics import median

import psutil
from clickhouse_driver import Client
from rich.console import Console

from benchmarks.contenders import OURS, Running, running, without_cases
from benchmarks.crowd import LEDGER, count, document, keep, write_copies
from benchmarks.ground import DATABASE, LANDING, TOPIC, Say, fill, ground, machine
from huanxin.settings import Settings
from huanxin.stack.status import lag
from huanxin.stack.supervision import Supervisor
from warehouse.client import connection

SPREAD_FROM, SPREAD_DAYS = date(2023, 1, 1), 1460
ROWS = f"SELECT sum(rows) FROM system.parts WHERE active AND concat(database, '.', table) = '{LANDING}'"
STORED = (LANDING, "landing.ledger")
CHUNK = 10_000
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


def parked(name: str, size: int) -> str:
    """The table that keeps a size's rows of a table while others have their turn."""
    return f"{DATABASE}.{name.partition('.')[2]}_{size}"


def move(client: Client, source: str, target: str) -> None:
    """Move all partitions of a table into another of the same structure."""
    database, _, short = source.partition(".")
    partitions = client.execute(
        "SELECT DISTINCT partition_id FROM system.parts WHERE active AND database = %(database)s AND table = %(short)s",
        {"database": database, "short": short},
    )
    for (partition,) in partitions:
        client.execute(f"ALTER TABLE {source} MOVE PARTITION ID '{partition}' TO TABLE {target}")


def cost(chosen: Settings, client: Client, events: int) -> tuple[float, float, float]:
    """Our job's events a second, and µs of CPU an event: of the worker, and of ClickHouse."""
    server = psutil.Process(Supervisor(chosen).states()["clickhouse"]["pid"])

    def look(contender: Running) -> tuple[float, int, float, float]:
        contender.check()
        ((here,),) = client.execute(ROWS)  # asked of the table itself, the looks would cost as much as the inserts
        return time.monotonic(), int(here), contender.cpu_seconds(), sum(server.cpu_times()[:2])

    with running(OURS, chosen, CHUNK) as contender:
        before = look(contender)
        while (first := look(contender))[1] == before[1]:
            time.sleep(0.05)
        while (landed := look(contender))[1] < before[1] + events:
            time.sleep(0.1)
        while sum(lag(chosen)[TOPIC].values()):
            time.sleep(0.5)
        done = look(contender)
    counted = landed[1] - first[1]
    return (
        counted / (landed[0] - first[0]),
        (done[2] - first[2]) / counted * 1e6,
        (done[3] - first[3]) / counted * 1e6,
    )


def main() -> None:
    """Store each size, then measure all in turn: a line for each run, and the ratios of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000_000, 10_000_000, 100_000_000])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with ground(say) as chosen, connection(chosen, "admin") as client:
        fill(chosen, asked.events)
        cost(chosen, client, asked.events)
        for name in STORED:
            keep(client, name)
            client.execute(f"TRUNCATE TABLE {name} SYNC")
        copy = 1
        for size in asked.stored:
            begun = time.monotonic()
            copies = range(copy, copy + size // asked.events)
            with without_cases(chosen):
                grow(client, copies)
            copy = copies.stop
            say(f"{size:,} stored after {time.monotonic() - begun:.0f} s, merged {settle(client):.0f} s later")
            for name in STORED:
                client.execute(f"CREATE TABLE {parked(name, size)} AS {name}")
                move(client, name, parked(name, size))
        costs: dict[int, list[float]] = {size: [] for size in asked.stored}
        for turn, size in enumerate(asked.stored * asked.rounds, start=1):
            for name in STORED:
                move(client, parked(name, size), name)
            fill(chosen, asked.events, seed=turn * asked.events, first=turn * asked.events)
            settle(client)
            stored = count(client, LANDING)
            rate, own, server = cost(chosen, client, asked.events)
            settle(client)
            for name in STORED:
                move(client, name, parked(name, size))
            costs[size].append(own + server)
            print(f"{stored:>12,} stored: {rate:,.0f}/s, worker {own:.1f} + ClickHouse {server:.1f} µs an event", flush=True)
    first = median(costs[asked.stored[0]])
    for size, found in costs.items():
        print(f"{size:>12,}: median {median(found):.1f} µs an event, {median(found) / first:.2f} × the first")
    print(machine())


if __name__ == "__main__":
    main()
