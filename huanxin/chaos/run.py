"""Runs kinds of faults, each some times, and judges every trial by the oracle."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from huanxin.chaos.control import negative_control
from huanxin.chaos.faults import Kind
from huanxin.chaos.find import breaks, cells, found
from huanxin.chaos.lab import Lab
from huanxin.chaos.load import Forge
from huanxin.chaos.oracle import Differences, Letter, Oracle, compare
from huanxin.chaos.trial import Trial
from huanxin.errors import HuanxinError
from huanxin.settings import CHECKOUT
from huanxin.stack.status import left
from ingest.publisher import KafkaPublisher
from warehouse.client import CLICKHOUSE_ERRORS, connection


@dataclass
class Outcome:
    """What one injection came to. `messages` counts what Kafka acknowledged, resends and poison included."""

    kind: str
    evidence: list[str] = field(default_factory=list)
    injections: int = 1
    events: int = 0
    messages: int = 0
    lost: int = 0
    doubled: int = 0
    dead_letters: int = 0
    looks: int = 0
    recovery_seconds: float = 0.0
    ended_itself: bool = False
    """Whether the library's ClickHouse ended itself meanwhile: see `Runner.trial`."""
    seed: int = 0
    at: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Whether the fault took effect and nothing went wrong."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with what tells this run from others."""
        return asdict(self) | {"right": self.right} | _run()


@cache
def _run() -> dict[str, Any]:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)  # noqa: S603  fixed words
    return {"commit": done.stdout.strip() or "unknown", "cores": os.cpu_count()}


class Runner:
    """Runs trials one after the other on one lab."""

    def __init__(self, lab: Lab, seed: int, say: Callable[[str], None], settle: float = 120.0) -> None:
        self.lab, self.seed, self.say, self.settle = lab, seed, say, settle
        """`settle`: seconds that the system has to come to the right state once a fault is healed."""
        self.forge = Forge(lab.settings)
        self.publisher = KafkaPublisher(lab.producer_bootstrap)
        self.letters: set[Letter] = set()
        """Every dead letter that the trials so far asked for."""
        self.number = 0
        self.controlled = False
        """Whether the negative control has been run."""

    def run(self, kinds: Sequence[Kind], injections: int, size: int, long: bool, strikes: int = 1) -> Iterator[Outcome]:
        """All kinds in order, and again, until each has struck `injections` times; a trial strikes up to `strikes` times.

        `size` is the number of events to each injection, or more.
        """
        struck = dict.fromkeys((kind.name for kind in kinds), 0)
        while due := [kind for kind in kinds if struck[kind.name] < injections]:
            for kind in due:
                outcome = self.trial(kind, size, long, min(strikes, injections - struck[kind.name]))
                struck[kind.name] += outcome.injections
                self._tell(outcome)
                yield outcome

    def trial(self, kind: Kind, size: int, long: bool, strikes: int = 1) -> Outcome:
        """Inject, once or several times in a row; then wait and compare.

        The server in the library may end itself where a writing client's connection breaks (docs/reliability.md). Its log says
        so, and then looks may fail until the supervisor has started it again; what they show must be right as ever.
        """
        self.number += 1
        oracle = Oracle(self.lab.home / f"oracle-{self.number:04d}.tsv")
        oracle.letters = self.letters
        seed = f"{self.seed}/{kind.name}/{self.number}"
        trial = Trial(self.lab, self.forge, self.publisher, oracle, self.number, size, seed, long)
        outcome = Outcome(kind.name, trial.evidence, seed=self.seed, at=datetime.now(UTC).isoformat(timespec="seconds"))
        before = len(self.letters)
        ended_itself = trial.logged("clickhouse", "Terminate called for uncaught exception")
        try:
            with trial.reader:
                for _ in range(strikes):
                    trial.strike(kind.inject)
                    self.lab.heal()
                self._settle(trial)
                outcome.recovery_seconds = round(time.monotonic() - trial.healed_at, 1)
                self._judge(trial, outcome)
        except (HuanxinError, AssertionError, OSError, *CLICKHOUSE_ERRORS) as error:
            outcome.problems.append(f"{type(error).__name__}: {error}"[:500])
            self._try_to_heal(outcome)
        finally:
            oracle.close()
        outcome.ended_itself = ended_itself()
        outcome.problems += trial.reader.wrong[:3] + ([] if outcome.ended_itself else trial.reader.failed[:3])
        outcome.looks, outcome.events, outcome.messages = trial.reader.looks, len(trial.sent), trial.messages
        outcome.injections = trial.injections
        outcome.dead_letters = len(self.letters) - before
        if not trial.evidence:
            outcome.problems.append("no evidence that the fault took effect")
        return outcome

    def _settle(self, trial: Trial) -> None:
        expected = trial.oracle.expected()

        def settled() -> bool:
            if not self.lab.answers("clickhouse"):
                return False
            with connection(self.lab.settings, "admin") as client:
                return cells(client, trial.days) == expected.cells and left(self.lab.settings) == 0

        deadline = time.monotonic() + self.settle * self.lab.patience
        while not settled():
            if time.monotonic() > deadline:
                return  # the comparison says what is wrong
            time.sleep(0.1)

    def _judge(self, trial: Trial, outcome: Outcome) -> None:
        with connection(self.lab.settings, "admin") as client:
            differences = compare(trial.oracle.expected(), found(client, trial.days))
            unbalanced = breaks(client)
        outcome.lost, outcome.doubled = differences.lost, differences.doubled
        if not differences.right:
            outcome.problems.append(_words(differences))
        if unbalanced:
            outcome.problems.append(f"the ledger identity breaks: {unbalanced[:2]}")
        if not self.controlled:
            outcome.problems += negative_control(self.lab, trial)
            self.controlled = True

    def _try_to_heal(self, outcome: Outcome) -> None:
        """The next trial is not to begin in what this one left behind."""
        try:
            self.lab.heal()
            self.lab.landed()
        except HuanxinError as error:
            outcome.problems.append(f"could not be healed: {error}"[:500])

    def _tell(self, outcome: Outcome) -> None:
        verdict = "ok  " if outcome.right else "FAIL"
        also = "ClickHouse ended itself; " if outcome.ended_itself else ""
        self.say(
            f"{verdict} {outcome.kind:34} {outcome.injections:2} × in {outcome.events:6} events  lost {outcome.lost}  "
            f"doubled {outcome.doubled}  recovered in {outcome.recovery_seconds:5.1f} s  "
            f"{also}{'; '.join(outcome.problems or outcome.evidence)[:300]}"
        )


def _words(differences: Differences) -> str:
    figures = asdict(differences)
    examples = figures.pop("examples")
    return f"{', '.join(f'{name} {value}' for name, value in figures.items() if value)}: {'; '.join(examples)}"
