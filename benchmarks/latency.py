"""From a POST to the figure: how long until a single event shows in mart.daily. Needs a running stack.

`python -m benchmarks.latency --events 200` posts one event after the other to the gateway, as curl would, and asks mart.daily
until its cell counts it. The events are weighings of a day of their own (2022-01-01 on), synthetic, voided at the end.
"""

import argparse
import copy
import statistics
import time
from datetime import date, timedelta
from typing import Any

import httpx

from huanxin.settings import Settings, settings
from schemas.catalogue import example
from warehouse.client import connect

TYPE = "recycling.weighed"
FIRST_DAY = date(2022, 1, 1)


def run(chosen: Settings, events: int) -> list[float]:
    """Seconds from sending to showing, one for each event."""
    client = connect(chosen, "admin")
    source = example(TYPE)["source"]
    headers = {
        "Authorization": f"Bearer {chosen.secrets.source_keys[source]}",
        "Content-Type": "application/cloudevents+json",
    }
    run_id = f"{time.time_ns() // 1_000_000:x}"
    waited = []
    with httpx.Client(base_url=f"http://{chosen.host}:{chosen.gateway_port}", headers=headers) as http:
        for number in range(events):
            document = weighing(FIRST_DAY + timedelta(days=number % 300), f"L{run_id}-{number}")
            before = count(client, document)
            begun = time.perf_counter()
            http.post("/v1/events", json=document).raise_for_status()
            while count(client, document) == before:
                time.sleep(0.01)
            waited.append(time.perf_counter() - begun)
            http.post("/v1/events", json=voided(document)).raise_for_status()
    return waited


def weighing(day: date, ticket: str) -> dict[str, Any]:
    """The example event moved to a day, under a ticket of its own."""
    document = copy.deepcopy(example(TYPE))
    document["time"] = f"{day}T10:30:00+08:00"
    document["data"] |= {"ticket_no": ticket, "in_at": f"{day}T10:00:00+08:00", "out_at": f"{day}T10:30:00+08:00"}
    return document


def voided(document: dict[str, Any]) -> dict[str, Any]:
    """The next revision of a document, which takes it back."""
    return document | {"revision": 2, "data": document["data"] | {"status": "voided"}}


def count(client: Any, document: dict[str, Any]) -> int:
    """Events of the document's day in mart.daily."""
    day = document["data"]["out_at"][:10]
    rows = client.execute("SELECT sum(events) FROM mart.daily WHERE stream = %(s)s AND day = %(d)s", {"s": TYPE, "d": day})
    return int(rows[0][0])


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200)
    waited = sorted(run(settings(), parser.parse_args().events))
    p50, p95 = statistics.median(waited), waited[int(len(waited) * 0.95) - 1]
    print(f"{len(waited)} events: p50 {p50:.2f} s, p95 {p95:.2f} s, max {waited[-1]:.2f} s")


if __name__ == "__main__":
    main()
