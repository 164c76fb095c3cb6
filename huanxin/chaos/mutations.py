"""Three faults planted in the workers' own code: each takes away one of the reasons why the effect is exactly once.

A run that stays green over one of them proves nothing; `huanxin chaos --mutations` shows that none does.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huanxin.chaos.faults import kinds
from huanxin.chaos.lab import Lab
from huanxin.chaos.run import Runner
from huanxin.errors import ConfigurationError
from huanxin.settings import CHECKOUT

PACKAGES = ("huanxin", "ingest", "streams", "schemas", "warehouse", "expectations", "console")
SETTLE, TRIES = 15.0, 4


@dataclass(frozen=True, slots=True)
class Mutation:
    """One edit of one file, and the kind of fault that must show it."""

    name: str
    file: str
    there: str
    instead: str
    kind: str

    def applied(self, text: str) -> str:
        """The file's text with the edit. Raises ConfigurationError where it does not fit exactly once."""
        if text.count(self.there) != 1:
            raise ConfigurationError(f"the mutation '{self.name}' no longer fits {self.file}: bring it up to date")
        return text.replace(self.there, self.instead)


MUTATIONS = (
    Mutation(
        "a failed insert is not retried",
        "streams/landing.py",
        "            with attempt:\n                await asyncio.to_thread(self._insert, landing, token)",
        "            with attempt, __import__('contextlib').suppress(Exception):\n"
        "                await asyncio.to_thread(self._insert, landing, token)",
        "ClickHouse down",
    ),
    Mutation(
        "a chunk is acknowledged before its insert",
        "streams/landing.py",
        '        async for attempt in forever("insert"',
        '        await found.acknowledge()\n        async for attempt in forever("insert"',
        "worker killed before insert",
    ),
    Mutation(
        "a row's key is not the document's",
        "streams/land.py",
        '[bytes.fromhex(event_id[9:41]) for event_id in envelope["id"]]',
        '[__import__("os").urandom(16) for event_id in envelope["id"]]',
        "source resends all",
    ),
)


def run_mutations(seed: int, size: int, say: Callable[[str], None]) -> list[str]:
    """Run each mutation against its kind until a trial fails; returns the names of those that none caught."""
    missed = []
    for mutation in MUTATIONS:
        with _mutated(mutation) as code, Lab(say, code=code) as lab:
            runner = Runner(lab, seed, say, settle=SETTLE)
            for _ in range(TRIES):
                outcome = runner.trial(kinds()[mutation.kind], size, long=False)
                if outcome.problems:
                    break
            if outcome.problems:
                say(f"caught: {mutation.name}, by '{mutation.kind}': {outcome.problems[0][:200]}")
            else:
                say(f"MISSED: {mutation.name}, over {TRIES} trials of '{mutation.kind}'")
                missed.append(mutation.name)
    return missed


@contextmanager
def _mutated(mutation: Mutation) -> Iterator[Path]:
    """A copy of the code with the mutation in it."""
    with tempfile.TemporaryDirectory(prefix="huanxin-mutation-") as folder:
        for package in PACKAGES:
            shutil.copytree(CHECKOUT / package, Path(folder) / package, ignore=shutil.ignore_patterns("__pycache__"))
        path = Path(folder) / mutation.file
        path.write_text(mutation.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        yield Path(folder)
