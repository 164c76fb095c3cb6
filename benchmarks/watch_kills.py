"""kill -9 of the file watcher at random moments while files land: no accepted row is missing and none counts twice.

Needs a running stack: `.venv/bin/python -m benchmarks.watch_kills --kills 20`. It writes to days of its own, and ends with an
error where marts, moved files or result files differ from what was dropped. `seen_again` counts rows that were accepted before
a kill and taken in again after it.
"""

import argparse
import csv
import json
import os
import random
import re
import signal
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from rich.console import Console

from huanxin.demo import wait_until_landed
from huanxin.errors import StackError
from huanxin.heartbeat import heartbeat
from huanxin.settings import Settings, settings
from huanxin.stack.supervision import Supervisor
from ingest.files.drop import DONE
from ingest.sources import sources
from schemas.catalogue import example
from warehouse.client import connection

SOURCE, TYPE = "police.transfer", "usedcar.transferred"
DAYS = 90
SETTLING_BEATS = 3
"""After so many looks a dropped file may count as complete."""
BAD_EVERY = 500
"""Every so many rows one is wrong, so that result files are written under the kills too."""


@dataclass
class Sent:
    """What was dropped: per day how many rows are valid and what they come to in yuan."""

    files: list[str] = field(default_factory=list)
    days: defaultdict[date, tuple[int, Decimal]] = field(default_factory=lambda: defaultdict(lambda: (0, Decimal(0))))
    rejected: int = 0


def drop_file(folder: Path, name: str, first_day: date, rows: int, sent: Sent, mark: str) -> None:
    """Write one file under a temporary name and rename it, as SFTP clients do."""
    headers = {target: header for header, target in sources()[SOURCE].columns.items()}
    base = example(TYPE)
    part = folder / f"{name}.part"
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(headers.values()))
        writer.writeheader()
        for number in range(rows):
            day, price = first_day + timedelta(days=number % DAYS), Decimal(10_000 + number) + Decimal("0.07")
            wrong = number % BAD_EVERY == BAD_EVERY - 1
            data = base["data"] | {"transferred_on": str(day), "serial_no": f"{mark}-{name}-{number}", "price_yuan": str(price)}
            cells = {"@time": f"{day}T10:00:00+08:00", "@revision": "1", **data}
            if wrong:
                cells["price_yuan"] = "见附件"
                sent.rejected += 1
            else:
                events, yuan = sent.days[day]
                sent.days[day] = (events + 1, yuan + price)
            writer.writerow({headers[target]: cell for target, cell in cells.items() if target in headers})
    part.rename(folder / name)
    sent.files.append(name)


def kill_watcher(
    chosen: Settings, first_day: date, kills: int, files: int, rows: int, seed: int, console: Console
) -> dict[str, object]:
    """Drop files and kill the watcher meanwhile; returns the figures. Raises StackError where they differ."""
    dice, supervisor, sent = random.Random(seed), Supervisor(chosen), Sent()
    folder, mark = chosen.drop_folder / SOURCE, f"K{seed}"
    for number in range(files):
        drop_file(folder, f"{mark}-{number:03}.csv", first_day, rows, sent, mark)
    pid = 0
    for kill in range(1, kills + 1):
        pid = looking(chosen, supervisor, pid)
        if not any(folder.glob(f"{mark}-*.csv")):
            drop_file(folder, f"{mark}-{len(sent.files):03}.csv", first_day, rows, sent, mark)
        wait_for_beats(chosen, SETTLING_BEATS + dice.randrange(8))
        time.sleep(dice.uniform(0.0, 0.5))
        os.kill(pid, signal.SIGKILL)
        console.print(f"kill {kill}: {len([*folder.glob(f'{mark}-*.csv')])} files waiting", highlight=False)
    deadline = time.monotonic() + 300
    while any(folder.glob(f"{mark}-*.csv")):
        if time.monotonic() > deadline:
            raise StackError(f"files are left in {folder} after 300 s: see {supervisor.log('watch')}")
        time.sleep(0.5)
    wait_until_landed(chosen, console)
    return compared(chosen, first_day, sent, folder / DONE, mark) | {"kills": kills}


def wait_for_beats(chosen: Settings, count: int) -> None:
    """Return once the watcher has moved so often: it beats each second, and at each chunk of a file."""
    beat, last = heartbeat(chosen), 0
    while count:
        now = beat.stat().st_mtime_ns
        count -= now != last
        last = now
        time.sleep(0.01)


def looking(chosen: Settings, supervisor: Supervisor, killed: int) -> int:
    """The process id of the watcher that came after the killed one, once it has begun to look into the folder."""
    while True:
        info = supervisor.states()["watch"]
        beat = heartbeat(chosen)
        if info["pid"] not in (0, killed) and beat.exists() and beat.stat().st_mtime > info["start"]:
            return int(info["pid"])
        time.sleep(0.05)


def compared(chosen: Settings, first_day: date, sent: Sent, done: Path, mark: str) -> dict[str, object]:
    """The figures of marts, moved files and result files against what was dropped."""
    found, wanted = stored(chosen, first_day), dict(sent.days)
    lost = sum(max(0, wanted[day][0] - found.get(day, (0, 0))[0]) for day in wanted)
    doubled = sum(max(0, events - wanted.get(day, (0, 0))[0]) for day, (events, _) in found.items())
    moved = sorted(path.name.partition("_")[2] for path in done.glob(f"*_{mark}-???.csv"))
    returned = sum(len(path.read_text(encoding="utf-8-sig").splitlines()) - 1 for path in done.glob(f"*_{mark}-*退回.csv"))
    receipts = "".join(path.read_text(encoding="utf-8-sig") for path in done.glob(f"*_{mark}-*回执.txt"))
    figures: dict[str, object] = {
        "files": len(moved),
        "rows": sum(events for events, _ in found.values()),
        "yuan": str(sum((yuan for _, yuan in found.values()), Decimal(0))),
        "rejected": returned,
        "seen_again": sum(map(int, re.findall(r"重复：(\d+) 行", receipts))),
        "lost": lost,
        "doubled": doubled,
    }
    if found != wanted or moved != sorted(sent.files) or returned != sent.rejected:
        raise StackError(f"what was found differs from what was dropped: {figures}")
    return figures


def stored(chosen: Settings, first_day: date) -> dict[date, tuple[int, Decimal]]:
    """Events and yuan per day, as the marts have them now."""
    with connection(chosen, "admin") as client:
        rows = client.execute(
            "SELECT day, sum(events), sum(amount_yuan) FROM mart.daily "
            "WHERE stream = %(stream)s AND day BETWEEN %(a)s AND %(b)s GROUP BY day",
            {"stream": TYPE, "a": first_day, "b": first_day + timedelta(days=DAYS)},
        )
    return {day: (int(events), Decimal(yuan)) for day, events, yuan in rows}


def main() -> None:
    """Run and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("kills", 20), ("files", 10), ("rows", 5_000), ("seed", int(time.time()))):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--first-day", type=date.fromisoformat, default=date(2014, 1, 1))
    given = parser.parse_args()
    begun = time.monotonic()
    console = Console(stderr=True)
    outcome = kill_watcher(settings(), given.first_day, given.kills, given.files, given.rows, given.seed, console)
    print(json.dumps(outcome | {"seconds": round(time.monotonic() - begun, 1)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
