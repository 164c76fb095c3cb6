"""Source systems under test: threads that post one new event after the other, and resend each until it has been answered."""

import json
import threading
import time
from collections import Counter
from datetime import date
from decimal import Decimal

import httpx

from benchmarks.latency import weighing

PAUSE_SECONDS = 0.1


class Senders:
    """Sends as a weighbridge does, on connections that stay open. Every event is new, of one day, and worth one fen more."""

    def __init__(self, url: str, key: str, day: date, run: str, threads: int = 4) -> None:
        self.accepted: dict[str, Decimal] = {}
        """Event id → amount in yuan, of every event that was answered with 202."""
        self.outcomes: Counter[str] = Counter()
        """How attempts ended: a status, `refused` (no connection) or `cut` (a request was begun and not answered)."""
        self._url, self._key, self._day, self._run = url, key, day, run
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=(number,), daemon=True) for number in range(threads)]

    def start(self) -> "Senders":
        """Begin to send."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Return once each sender has got its last event through."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in self._threads), "an event never got through"  # noqa: S101  a figure without it is wrong

    def give_up(self) -> None:
        """Return once the senders have ended, their last events answered or not."""
        self._url = ""
        self.stop()

    def wait_for(self, count: int, seconds: float = 240) -> None:
        """Return once so many events have been accepted in all."""
        deadline = time.monotonic() + seconds
        while len(self.accepted) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"only {len(self.accepted)} of {count} events were accepted: {dict(self.outcomes)}")
            time.sleep(0.01)

    def _send(self, number: int) -> None:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/cloudevents+json"}
        counter = 0
        with httpx.Client(headers=headers, timeout=60) as client:
            while not self._stopping.is_set():
                counter += 1
                amount = Decimal(counter) / 100
                document = weighing(self._day, f"{self._run}-{number}-{counter}")
                document["data"]["amount_yuan"] = str(amount)
                self._until_answered(client, json.dumps(document).encode(), amount)

    def _until_answered(self, client: httpx.Client, body: bytes, amount: Decimal) -> None:
        while self._url:
            outcome = "cut"
            try:
                answer = client.post(f"{self._url}/v1/events", content=body)
                outcome = str(answer.status_code)
                if answer.status_code == 202:
                    with self._lock:
                        self.accepted[answer.json()["results"][0]["id"]] = amount
                    return
            except httpx.ConnectError:
                outcome = "refused"
            except httpx.TransportError:
                pass
            finally:
                with self._lock:
                    self.outcomes[outcome] += 1
            time.sleep(PAUSE_SECONDS)
