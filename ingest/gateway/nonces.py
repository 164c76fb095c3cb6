"""Which nonces were used: one small SQLite file, so that all gateway processes of a machine know it, and a restart too.

Gateways on several machines keep a file each: there the load balancer must always send one source to the same machine.
"""

import sqlite3
import time
from pathlib import Path

from ingest.gateway.signature import WINDOW_SECONDS

KEEP_SECONDS = 2 * WINDOW_SECONDS + 60
"""Longer than a signature can be current, whatever its clock."""


class Nonces:
    """Nonces by source. A nonce is written once its signature has been verified, so that strangers cannot fill the file."""

    def __init__(self, path: Path | None = None) -> None:
        self._db = sqlite3.connect(path or ":memory:", timeout=2, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")  # a power cut may forget; what a replayed event does then is nothing
        self._db.execute("CREATE TABLE IF NOT EXISTS nonce (source TEXT, nonce TEXT, at REAL, PRIMARY KEY (source, nonce))")
        self._swept = 0.0

    def is_new(self, source: str, nonce: str) -> bool:
        """Note the nonce; false where it was used before, here or in another process."""
        now = time.time()
        if now - self._swept > 60:
            self._db.execute("DELETE FROM nonce WHERE at < ?", (now - KEEP_SECONDS,))
            self._swept = now
        return self._db.execute("INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", (source, nonce, now)).rowcount == 1
