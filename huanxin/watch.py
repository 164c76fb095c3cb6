"""`huanxin watch`: takes in what lands in the drop folder, one file after the other, for as long as it runs."""

import fcntl
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import structlog
from watchfiles import watch as changes

from huanxin.errors import ConfigurationError, UnavailableError
from huanxin.heartbeat import heartbeat
from huanxin.intake import desk
from huanxin.settings import Settings
from ingest.files.drop import Arrival, Drop, take
from ingest.files.upload import Desk
from ingest.heartbeats import Heartbeats
from ingest.sources import sources

log = structlog.get_logger()

LOOK_SECONDS = 1.0
"""How often the folder is looked at where the system reports no change, as on network file systems."""
RETRY_SECONDS = 5.0
FAULT_SECONDS = 60.0
"""How long a file waits that our own code stumbled over: it is never given up."""


class Stopped(Exception):  # noqa: N818  no error: the watcher was asked to end
    """The watcher ends in the middle of a file, which stays where it is."""


def watch(settings: Settings) -> None:
    """Run until SIGTERM. Raises ConfigurationError where another watcher has the folder."""
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    root = settings.drop_folder
    drop = Drop(root, sources(), settings.drop_settle_seconds)
    root.mkdir(parents=True, exist_ok=True)
    drop.prepare()
    with _alone(root):
        watcher = _Watcher(drop, heartbeat(settings), stop)
        log.info("watching", folder=str(root))
        while not stop.is_set():
            try:
                with desk(settings) as counter:
                    watcher.run(root, counter)
            except UnavailableError as error:
                log.warning("waiting", why=str(error))
                watcher.beat()
                stop.wait(RETRY_SECONDS)
            except Stopped:
                break
    log.info("stopped")


class _Watcher:
    def __init__(self, drop: Drop, beat: Path, stop: Event) -> None:
        self._drop, self._beat, self._stop = drop, beat, stop
        self._postponed: dict[Path, float] = {}
        beat.parent.mkdir(parents=True, exist_ok=True)
        self.beat()

    def beat(self) -> None:
        self._beat.touch()

    def run(self, root: Path, counter: Desk) -> None:
        """Look whenever something changes, and every second. Raises UnavailableError: begin again with a new desk."""
        step = int(LOOK_SECONDS * 1000)
        beats = Heartbeats(counter.intake.publisher, "file")
        folders = [source.id for source in sources().values() if source.surface == "file"]
        for _ in changes(root, watch_filter=None, rust_timeout=step, yield_on_timeout=True, stop_event=self._stop):
            self.beat()
            beats.beat(folders)
            for arrival in self._drop.complete():
                if self._postponed.get(arrival.path, 0.0) <= time.monotonic():
                    self._take(counter, arrival)

    def _take(self, counter: Desk, arrival: Arrival) -> None:
        begun, name = time.monotonic(), f"{arrival.source.id}/{arrival.path.name}"
        try:
            report = take(counter, arrival, self._advance)
        except (UnavailableError, Stopped):
            raise
        except Exception:
            self._postponed[arrival.path] = time.monotonic() + FAULT_SECONDS
            log.exception("fault", file=name, again_in_seconds=FAULT_SECONDS)
            return
        self._postponed.pop(arrival.path, None)
        log.info(
            "taken", file=name, accepted=report.accepted, duplicate=report.duplicate, rejected=report.rejected.total(),
            refused=len(report.refused), seconds=round(time.monotonic() - begun, 2),
        )  # fmt: skip

    def _advance(self, rows: int, share: float) -> None:
        self.beat()
        if self._stop.is_set():
            raise Stopped


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(f"another watcher has {root}: stop it, or set HUANXIN_DROP to another folder") from error
        yield
