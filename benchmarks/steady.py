"""At a steady rate: how long from the gateway's answer until mart.daily counts the event. Needs a running stack.

`python -m benchmarks.steady --rate 1000 --seconds 60` posts payments as small batches on time, whatever the answers take, and
looks at mart.daily all the while. An event is visible with the first look that counts at least as many events as were accepted
up to its batch. The payments are synthetic, of days in 2021, each of other keys; the days stay: use a stack of its own.
"""

import argparse
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import httpx

from benchmarks.peers.events import TYPE, payment
from huanxin.settings import Settings, settings
from schemas.catalogue import example
from warehouse.client import connect

FIRST_DAY, DAYS = date(2021, 1, 1), 28
BATCHES = 20
"""Batches a second."""


def run(chosen: Settings, rate: int, seconds: int) -> tuple[list[float], float]:
    """Seconds from acceptance to visibility, one for each batch, and the rate that came about, in events a second."""
    bodies = _bodies(rate // BATCHES, seconds * BATCHES)
    looks: list[tuple[float, int]] = []
    stop = threading.Event()
    watcher = threading.Thread(target=_look, args=(chosen, looks, stop))
    watcher.start()
    while not looks:
        time.sleep(0.01)
    before = looks[-1][1]
    key = chosen.secrets.source_keys[example(TYPE)["source"]]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/jsonl"}
    begun = time.perf_counter()
    with httpx.Client(base_url=f"http://{chosen.host}:{chosen.gateway_port}", headers=headers) as http:

        def post(number: int) -> tuple[float, int]:
            time.sleep(max(0.0, begun + number / BATCHES - time.perf_counter()))
            answer = http.post("/v1/events", content=bodies[number], timeout=30).raise_for_status().json()
            return time.perf_counter(), int(answer["accepted"])

        with ThreadPoolExecutor(8) as pool:
            accepted = sorted(pool.map(post, range(len(bodies))))
    last = accepted[-1][0]
    total = before + sum(count for _, count in accepted)
    while looks[-1][1] < total:
        time.sleep(0.05)
    stop.set()
    watcher.join()
    return list(_waits(accepted, looks, before)), (total - before) / (last - begun)


def _bodies(size: int, count: int) -> list[bytes]:
    dice = random.Random(time.time_ns())
    first = time.time_ns() // 1_000_000 % 10**8 * 10  # numbers of this run alone
    documents: list[dict[str, Any]] = [
        payment(dice, FIRST_DAY + timedelta(days=number % DAYS), first + number) for number in range(size * count)
    ]
    lines = [json.dumps(document, ensure_ascii=False) for document in documents]
    return ["\n".join(lines[at : at + size]).encode() for at in range(0, len(lines), size)]


def _look(chosen: Settings, looks: list[tuple[float, int]], stop: threading.Event) -> None:
    client = connect(chosen, "admin")
    query = "SELECT sum(events) FROM mart.daily WHERE stream = %(s)s AND day >= %(a)s AND day < %(b)s"
    while not stop.is_set():
        ((events,),) = client.execute(query, {"s": TYPE, "a": FIRST_DAY, "b": FIRST_DAY + timedelta(days=DAYS)})
        looks.append((time.perf_counter(), int(events)))
        time.sleep(0.1)  # looked at 50 times a second, looking alone took a fifth of a processor
    client.disconnect()


def _waits(accepted: list[tuple[float, int]], looks: list[tuple[float, int]], before: int) -> Iterator[float]:
    """Both in the order of time. A batch accepted later that lands earlier is counted for the earlier one."""
    seen = iter(looks)
    moment, counted = next(seen)
    for (answered, _), reached in zip(accepted, accumulate(count for _, count in accepted), strict=True):
        while counted < before + reached:
            moment, counted = next(seen)
        yield max(0.0, moment - answered)


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    waits, rate = run(settings(), asked.rate, asked.seconds)
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{len(waits)} batches at {rate:.0f} events/s: accepted to visible p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, "
        f"p99 {cuts[98]:.2f} s, most {max(waits):.2f} s"
    )


if __name__ == "__main__":
    main()
