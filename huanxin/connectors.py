"""`huanxin connectors`: reads the registered databases until a signal stops it."""

import signal
import threading
from pathlib import Path

from huanxin.settings import Settings
from ingest.database.run import run_connectors
from ingest.sources import SOURCES, sources


def run(settings: Settings, registry: Path | None) -> None:
    """Poll and capture; SIGTERM lets what is under way end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_connectors(settings, sources(registry or SOURCES), stop)
