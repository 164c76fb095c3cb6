"""How the watcher of the drop folder says that it lives: by a file's time, for it has no port that could be asked."""

import time
from pathlib import Path

from huanxin.settings import Settings

STALE_SECONDS = 60.0


def heartbeat(settings: Settings) -> Path:
    """The file that it touches at each look and at each chunk of a file."""
    return settings.home / "run" / "watch.beat"


def alive(settings: Settings) -> bool:
    """Whether the watcher has moved within the last minute."""
    try:
        return time.time() - heartbeat(settings).stat().st_mtime < STALE_SECONDS
    except FileNotFoundError:
        return False
