"""A week's payments replayed from Kafka by `huanxin rebuild` while readers ask for its totals each second.

`python -m benchmarks.replay --events 10000000` on a stack of its own, gone at the end: fills the topic and lands it, counts the
marts, then rebuilds. The truth is summed from what is put into Kafka, not asked of anyone. Exits 1 where a reader saw another
figure or none.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from benchmarks.contenders import OURS, running
from benchmarks.ground import LANDING, TOPIC, ground, put
from benchmarks.peers.events import TYPE, messages
from huanxin.settings import CHECKOUT, Settings
from ingest.prepare import Prepared
from schemas.identity import Identifier
from warehouse.client import CLICKHOUSE_ERRORS, connect, connection
from warehouse.rebuild import rebuild_daily

WEEK, PREPARED = date(2024, 3, 4), 100_000
TOTALS = {
    "mart.daily": "SELECT sum(events), toInt64(sum(amount_yuan) * 100) FROM mart.daily WHERE stream = %(stream)s",
    LANDING: f"SELECT count(), toInt64(sum(m_amount_yuan) * 100) FROM {LANDING}_current",
}
EVERY = 1.0


class Reader:
    """Asks for the totals each second, in a thread; `wrong` holds every answer that was not the truth."""

    def __init__(self, chosen: Settings, name: str, truth: tuple[int, int]) -> None:
        self.name, self.truth = name, truth
        self.looks, self.wrong = 0, list[str]()
        self._client = connect(chosen, "admin")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()  # ends with the look under way
        self._thread.join()
        self._client.disconnect()

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.looks += 1
            try:
                (found,) = self._client.execute(TOTALS[self.name], {"stream": TYPE})
            except CLICKHOUSE_ERRORS as error:
                self.wrong.append(repr(error)[:300])
            else:
                if found != self.truth:
                    self.wrong.append(f"{found} where {self.truth} is true")


def main() -> None:
    """Fill, land, count, rebuild; print what it took and what the readers saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    events = parser.parse_args().events
    with ground(say) as chosen, running(OURS, chosen, 10_000, workers=2) as worker:
        begun = time.monotonic()
        identifier = Identifier(bytes.fromhex(chosen.secrets.pseudonym_key))
        prepared = list(messages(identifier, min(events, PREPARED), WEEK, 7))
        truth = events, total(prepared, events)
        put(chosen, week(prepared, events))
        say(f"{truth[0]:,} messages in {TOPIC}, {truth[1] / 100:,.2f} yuan, after {time.monotonic() - begun:.0f} s")
        with connection(chosen, "admin") as client:
            while (landed := client.execute(f"SELECT count() FROM {LANDING}")[0][0]) < truth[0]:
                worker.check()
                time.sleep(2)
            say(f"{landed:,} rows landed after {time.monotonic() - begun:.0f} s")
            rebuild_daily(client, lambda what: None)
        with Reader(chosen, "mart.daily", truth) as daily, Reader(chosen, LANDING, truth) as rows:
            begun = time.monotonic()
            command = [sys.executable, "-m", "huanxin", "rebuild", "--from", "kafka"]
            subprocess.run(command, cwd=CHECKOUT, env={**os.environ, "HUANXIN_HOME": str(chosen.home)}, check=True)
            took = time.monotonic() - begun
    wrong = [f"{reader.name}: {what}" for reader in (daily, rows) for what in reader.wrong]
    looks = ", ".join(f"{reader.looks} at {reader.name}" for reader in (daily, rows))
    print(f"{truth[0]:,} messages rebuilt from Kafka in {took:.0f} s ({truth[0] / took:,.0f}/s)")
    print(f"looks: {looks}; wrong or missing: {len(wrong)}", *wrong[:10], sep="\n")
    sys.exit(1 if wrong else 0)


def say(what: str) -> None:
    """Progress."""
    print(what, file=sys.stderr, flush=True)


def week(prepared: Sequence[Prepared], events: int) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of so many different payments.

    Preparing one takes longer than landing it, so some are prepared, and each copy has an id and numbers of its own.
    """
    for number in range(events):
        copy, which = divmod(number, len(prepared))
        event = prepared[which]
        document = hashlib.blake2b(event.key, digest_size=16, salt=copy.to_bytes(4, "big")).digest()
        value = event.value.replace(event.key.hex().encode(), document.hex().encode())
        yield document, value.replace(f"{which:09}".encode(), f"{number:09}".encode())


def total(prepared: Sequence[Prepared], events: int) -> int:
    """Fen of so many payments."""
    fen = [int(Decimal(json.loads(event.value)["data"]["amount_yuan"]) * 100) for event in prepared]
    rounds, rest = divmod(events, len(fen))
    return rounds * sum(fen) + sum(fen[:rest])


if __name__ == "__main__":
    main()
