"""The drop folder: `<drop>/<source id>/file` is taken in once complete, then moved to `done/` or `failed/` with its answer.

A file is moved only when all of it is acknowledged; until then it lies where it was dropped. That is the whole position: a
watcher that was killed finds it there, takes it in again, and what was accepted before counts as duplicate.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.files.report import Report
from ingest.files.result import shortened
from ingest.files.take_in import Advance
from ingest.files.upload import Desk
from ingest.sources import Source
from schemas.event import CHINA

DONE, FAILED, WORK = "done", "failed", ".work"
UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload", ".partial", ".swp", ".uploading")
"""Ends of names under which clients upload before they rename."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is complete."""

    source: Source
    path: Path


class Drop:
    """One drop folder. `settle_seconds` is how long a file's size and time must stand still before it counts as complete."""

    def __init__(
        self, root: Path, registered: Mapping[str, Source], settle_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = root
        self._registered = registered
        self._settle = settle_seconds
        self._clock = clock
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def prepare(self) -> None:
        """Make a folder for every source, so that senders find theirs."""
        for source_id in self._registered:
            for name in (DONE, FAILED):
                (self._root / source_id / name).mkdir(parents=True, exist_ok=True)

    def complete(self) -> list[Arrival]:
        """Files that have stood still for long enough, the oldest first."""
        now, found, seen = self._clock(), [], {}
        for source_id, source in self._registered.items():
            for path in sorted((self._root / source_id).glob("[!.]*")):
                state = _state(path)
                if state is None:
                    continue
                before, since = self._seen.get(path, (None, now))
                seen[path] = (state, since if before == state else now)
                if before == state and now - since >= self._settle:
                    found.append((state[1], Arrival(source, path)))
        self._seen = seen
        return [arrival for _, arrival in sorted(found, key=lambda each: each[0])]


def take(desk: Desk, arrival: Arrival, advance: Advance) -> Report:
    """Take in one file, then move its answer and itself to `done/`, or to `failed/` where nothing of it could be taken.

    Raises UnavailableError where Kafka or ClickHouse does not answer: the file stays where it is.
    """
    path, folder = arrival.path, arrival.path.parent
    work = folder / WORK
    work.mkdir(exist_ok=True)
    for left in work.iterdir():  # of a watcher that was killed
        left.unlink()
    stamp = datetime.fromtimestamp(path.stat().st_ctime, CHINA)  # stays the same when the file is taken in again
    report = desk.take(path, arrival.source, work, advance)
    nothing = not report.accepted and not report.duplicate
    to = folder / (FAILED if nothing and not report.clean else DONE)
    to.mkdir(exist_ok=True)
    for answer in (*sorted(work.iterdir()), path):
        answer.replace(to / f"{stamp:%Y%m%d-%H%M%S}_{shortened(answer.name)}")
    return report


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of an upload; none for a folder, a client's temporary file, an office program's lock, or what has gone."""
    if path.name.startswith("~$") or path.name.lower().endswith(UNFINISHED) or not path.is_file():
        return None
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns
