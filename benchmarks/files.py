"""A large CSV through `take_in`, side by side with plain `csv` and the same validation: rate, ratio and peak memory.

`python -m benchmarks.files --rows 1000000` writes the file, then runs both in processes of their own, turn by turn; neither
publishes. With `--stack` it also takes the file in for real, as `huanxin ingest` does, on the running local stack.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from huanxin.intake import ingest_path
from huanxin.settings import settings
from ingest.accept import Intake, RecentlySeen
from ingest.fakes import FakePublisher
from ingest.files.take_in import CHUNK_ROWS, take_in
from ingest.prepare import Prepared, Preparer
from ingest.sources import sources
from schemas.catalogue import event_types, example
from schemas.envelope import Envelope
from schemas.identity import Identifier

SOURCE, TYPE = "police.transfer", "usedcar.transferred"
FIRST_DAY, DAYS = date(2014, 10, 1), 60


class Sink(FakePublisher):
    """Acknowledges events and forgets them."""

    def send(self, events: Sequence[Prepared]) -> "Future[None]":
        done: Future[None] = Future()
        done.set_result(None)
        return done


def write(path: Path, rows: int) -> None:
    """A clean CSV of the source, every row a document of its own."""
    headers = {target: header for header, target in sources()[SOURCE].columns.items()}
    data = example(TYPE)["data"]
    run = f"{time.time_ns():x}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(headers.values()), extrasaction="ignore")
        writer.writeheader()
        for number in range(rows):
            day = str(FIRST_DAY + timedelta(days=number % DAYS))
            cells = {**data, "@time": f"{day}T10:00:00+08:00", "@revision": 1, "transferred_on": day}
            cells |= {"serial_no": f"B{run}-{number}", "price_yuan": f"{10_000 + number % 90_000}.00"}
            writer.writerow({headers[target]: cell for target, cell in cells.items() if target in headers})


def preparer() -> Preparer:
    """The validation that both sides share."""
    return Preparer(Identifier(b"a benchmark's key of 32 bytes ok"), sources(), timedelta(days=1))


def ours(path: Path) -> int:
    """The file through `take_in`."""
    return take_in(Intake(preparer(), Sink(), RecentlySeen()), path, sources()[SOURCE]).accepted


def plain(path: Path) -> int:
    """The file through `csv` and the same validation: no dirt is looked for, no resend is told, nothing is reported."""
    source, model, checks = sources()[SOURCE], event_types()[TYPE], preparer()
    count = 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        targets = [source.columns[header] for header in next(rows)]
        while chunk := list(islice(rows, CHUNK_ROWS)):
            envelopes = []
            for cells in chunk:
                data = {target: cell for target, cell in zip(targets, cells, strict=True) if cell}
                context: dict[str, Any] = {name: data.pop(f"@{name}") for name in ("time", "reportedat") if f"@{name}" in data}
                context["revision"] = int(data.pop("@revision"))
                envelopes.append(
                    Envelope(specversion="1.0", id="row", source=source.id, type=model.event_type, data=data, **context)
                )
            count += sum(isinstance(each, Prepared) for each in checks.prepare_many(envelopes))
    return count


def measured(side: str, path: Path) -> dict[str, float]:
    """One run in a process of its own: rows, seconds of wall clock and of processor, peak memory in MiB."""
    command = [sys.executable, "-m", "benchmarks.files", "--side", side, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_side(side: str, path: Path) -> dict[str, float]:
    """The same in this process."""
    sides = {"ours": ours, "plain": plain, "stack": lambda path: _stacked(path)}
    begun, spent = time.perf_counter(), time.process_time()
    rows = sides[side](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "wall": time.perf_counter() - begun, "cpu": time.process_time() - spent, "peak_mib": round(peak)}


def _stacked(path: Path) -> int:
    return ingest_path(settings(), path, SOURCE, Console(stderr=True)).accepted


def main() -> None:
    """Run and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stack", action="store_true")
    parser.add_argument("--side", choices=("ours", "plain", "stack"))
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(run_side(given.side, given.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write(path, given.rows)
        turns = [(measured("plain", path), measured("ours", path)) for _ in range(given.rounds)]
        figures: dict[str, object] = {"rows": given.rows, "file_mib": path.stat().st_size >> 20, "rounds": given.rounds}
        for place, name in enumerate(("plain", "ours")):
            figures[f"{name}_rows_per_second"] = round(given.rows / median(turn[place]["wall"] for turn in turns))
            figures[f"{name}_rows_per_cpu_second"] = round(given.rows / median(turn[place]["cpu"] for turn in turns))
            figures[f"{name}_peak_mib"] = max(turn[place]["peak_mib"] for turn in turns)
        figures["ratio_cpu"] = round(median(p["cpu"] / o["cpu"] for p, o in turns), 2)
        figures["ratio_wall"] = round(median(p["wall"] / o["wall"] for p, o in turns), 2)
        if given.stack:
            figures["stack"] = measured("stack", path)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
