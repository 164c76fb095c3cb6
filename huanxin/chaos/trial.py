"""One injection as its fault sees it: the lab, events to send, the oracle, the reader, and a place for evidence."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

from huanxin.chaos.errors import UnmetError, UnprovenError
from huanxin.chaos.lab import WORKERS, Lab
from huanxin.chaos.load import Event, Forge
from huanxin.chaos.oracle import Oracle
from huanxin.chaos.reader import Reader
from huanxin.errors import UnavailableError
from ingest.publisher import Publisher

FIRST_DAY = date(2016, 1, 1)
DAYS = 3
BATCH = 250
"""Events sent and awaited together; a larger trial sends quarters."""


class Trial:
    """`number` gives each trial of a run its own days, so that each is judged by itself."""

    def __init__(
        self, lab: Lab, forge: Forge, publisher: Publisher, oracle: Oracle, number: int, size: int, seed: str, long: bool
    ) -> None:
        self.lab, self.forge, self.publisher, self.oracle = lab, forge, publisher, oracle
        self.size = size
        """Events to send at least."""
        self.batch = max(BATCH, size // 4)
        self.long = long
        """Whether a fault that lasts may take its full time."""
        self.dice = Random(seed)
        self.days = [FIRST_DAY + timedelta(days=number * DAYS + day) for day in range(DAYS)]
        self.reader = Reader(lab.settings, oracle, self.days)
        self.evidence: list[str] = []
        self.sent: list[Event] = []
        """What was acknowledged, in order."""
        self.messages = 0
        """Messages acknowledged by Kafka, resends and dead letters included."""
        self.injections = 0
        """How often the fault has struck."""
        self.healed_at = 0.0
        self.made = 0

    def strike(self, inject: "Callable[[Trial], None]") -> None:
        """Inject once. Raises UnprovenError where nothing shows that it took effect."""
        before = len(self.evidence)
        self.injections += 1
        self.healed()
        inject(self)
        if len(self.evidence) == before:
            raise UnprovenError("no evidence that the fault took effect")

    def prove(self, what: str) -> None:
        """Note that the fault took effect."""
        self.evidence.append(what)

    def proven(self, check: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait for the evidence. Raises UnprovenError when it does not come."""
        try:
            outcome = self.lab.until(check, seconds, what)
        except UnmetError as error:
            raise UnprovenError(f"no evidence: {what}") from error
        self.prove(what.format(outcome) if "{" in what else what)
        return outcome

    def healed(self) -> None:
        """From now on the system is on its own: recovery is counted from here."""
        self.healed_at = time.monotonic()

    def numbers(self, count: int) -> range:
        """Numbers of documents that the trial has not used."""
        self.made += count
        return range(self.made - count, self.made)

    def event(self, number: int, revision: int = 1, voided: bool = False) -> Event:
        """One revision of the trial's `number`th document."""
        return self.forge.nth(self.days, number, self.dice, revision, voided)

    def events(self, count: int) -> list[Event]:
        """New documents, spread over the trial's days."""
        return [self.event(number) for number in self.numbers(count)]

    def publish(self, events: Sequence[Event], seconds: float = 90) -> None:
        """Send until Kafka has acknowledged all, as a source does; what is acknowledged goes to the oracle's file."""
        deadline = time.monotonic() + seconds * self.lab.patience
        for start in range(0, len(events), self.batch):
            batch = events[start : start + self.batch]
            self.oracle.attempt(batch)
            while True:
                try:
                    self.publisher.publish([event.prepared for event in batch])
                    break
                except UnavailableError as error:
                    if time.monotonic() > deadline:
                        raise UnmetError(f"Kafka did not acknowledge within {seconds:.0f} s: {error}") from error
            self.oracle.accept(batch)
            self.sent.extend(batch)
            self.messages += len(batch)

    @contextmanager
    def load(self, seconds: float = 2.0) -> Iterator[None]:
        """Send the trial's events in the background, evenly over some seconds or as fast as Kafka takes them."""
        failure: list[BaseException] = []

        def work() -> None:
            try:
                events = self.events(self.size)
                began = time.monotonic()
                for start in range(0, len(events), self.batch):
                    time.sleep(max(0.0, began + seconds * start / len(events) - time.monotonic()))
                    self.publish(events[start : start + self.batch])
            except BaseException as error:
                failure.append(error)

        thread = threading.Thread(target=work, name="load", daemon=True)
        thread.start()
        try:
            yield
        finally:
            thread.join(180 * self.lab.patience)
        if failure:
            raise failure[0]

    def metric(self, name: str, **labels: str) -> float:
        """A metric's value now, summed over the running workers; 0 where it was never counted."""
        total = 0.0
        for index in range(WORKERS):
            url = f"http://{self.lab.settings.host}:{self.lab.settings.worker_port + index}/metrics"
            try:
                with urllib.request.urlopen(url, timeout=3) as answer:
                    text = answer.read().decode()
            except OSError:
                continue
            for line in text.splitlines():
                if line.startswith(name) and all(f'{key}="{value}"' in line for key, value in labels.items()):
                    total += float(line.rpartition(" ")[2])
        return total

    def grew(self, name: str, **labels: str) -> Callable[[], float]:
        """A check whether a metric has grown since now, a worker started meanwhile counting from nothing."""
        before = self.metric(name, **labels)

        def check() -> float:
            value = self.metric(name, **labels)
            return value - before if value >= before else value

        return check

    def logged(self, program: str, *texts: str) -> Callable[[], bool]:
        """A check whether any of the texts was written to a program's log since now."""
        path = self.lab.supervisor.log(program)
        start = path.stat().st_size if path.exists() else 0

        def check() -> bool:
            if not path.exists():
                return False
            with path.open("rb") as file:
                file.seek(start)
                new = file.read()
            return any(text.encode() in new for text in texts)

        return check
