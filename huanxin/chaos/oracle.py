"""What was accepted, written to a file outside the system as the publisher acknowledges it, and what must follow from it."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from huanxin.chaos.load import Event

Row = tuple[str, date, str, int]
"""Type, day, document id (hex), revision: one row of a landing table."""
Cell = tuple[str, date, str, str]
"""Type, day, town, category: one row of mart.daily."""
Letter = tuple[str, int, int]
"""Topic, partition, offset of a dead letter."""


@dataclass
class State:
    """What the system holds, or must hold, of some days."""

    rows: Counter[Row] = field(default_factory=Counter)
    cells: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    """Events and fen; a cell without events is not in it."""
    letters: set[Letter] = field(default_factory=set)
    newest: set[Row] = field(default_factory=set)
    """The newest revision of each document, as the tables of `cases` hold it, which materialised views fill."""


class Oracle:
    """One trial's file of accepted events, and the highest total that any reader may see so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.letters: set[Letter] = set()
        self.may_shrink = False
        """Set before a correction or a void is sent."""
        self._attempted: dict[tuple[str, bytes], int] = {}
        self._bound: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8")

    def attempt(self, events: Iterable[Event]) -> None:
        """Note what is about to be sent: from now on a reader may see it."""
        with self._lock:
            for event in events:
                bound, key = self._bound[event.prepared.event_type], (event.prepared.event_type, event.prepared.key)
                before = self._attempted.get(key)
                if before is None:
                    bound[0] += 1
                else:
                    self.may_shrink |= event.fen != before
                most = max(event.fen, before or 0)  # of several revisions a reader may see any one
                bound[1] += most - (before or 0)
                self._attempted[key] = most
                self.may_shrink |= event.voided

    def accept(self, events: Iterable[Event]) -> None:
        """Write down what Kafka has acknowledged."""
        lines = []
        for event in events:
            made = event.prepared.event_id
            facts = (event.prepared.event_type, made.day, made.document.hex(), made.revision, event.fen, event.town)
            lines.append("\t".join(map(str, (*facts, event.category, int(event.voided)))) + "\n")
        with self._lock:
            self._file.writelines(lines)
            self._file.flush()

    def bound(self) -> dict[str, tuple[int, int]]:
        """Type → the most events and fen that a reader may see now."""
        with self._lock:
            return {event_type: (bound[0], bound[1]) for event_type, bound in self._bound.items()}

    def expected(self) -> State:
        """What the system must hold, read from the file: each revision once, and the newest one of each document counted."""
        state = State(letters=self.letters)
        newest: dict[tuple[str, str], tuple[int, Cell, int, bool]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            event_type, day, document, revision, fen, town, category, voided = line.split("\t")
            when = date.fromisoformat(day)
            state.rows[event_type, when, document, int(revision)] = 1
            key = (event_type, document)
            if key not in newest or newest[key][0] <= int(revision):
                newest[key] = (int(revision), (event_type, when, town, category), int(fen), voided == "1")
        state.newest = {(kind, cell[1], document, last) for (kind, document), (last, cell, *_) in newest.items()}
        for _, cell, amount, gone in newest.values():
            if not gone:
                events, sum_fen = state.cells.get(cell, (0, 0))
                state.cells[cell] = (events + 1, sum_fen + amount)
        return state

    def close(self) -> None:
        """Close the file; it stays in the run's folder."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Differences:
    """What the system holds against what it must hold; all zero is right."""

    lost: int
    doubled: int
    wrong_cells: int
    wrong_cases: int
    letters_missing: int
    letters_unexpected: int
    examples: Sequence[str]

    @property
    def right(self) -> bool:
        """Whether nothing differs."""
        figures = (self.lost, self.doubled, self.wrong_cells, self.wrong_cases, self.letters_missing, self.letters_unexpected)
        return not any(figures)


def compare(expected: State, found: State) -> Differences:
    """Lost: a row that is not there. Doubled: a row that nobody sent, or one that is there more than once."""
    lost, doubled = expected.rows - found.rows, found.rows - expected.rows
    cells = {cell for cell in {*expected.cells, *found.cells} if expected.cells.get(cell) != found.cells.get(cell)}
    missing, unexpected = expected.letters - found.letters, found.letters - expected.letters
    named = [("lost", lost), ("doubled", doubled), ("missing letter", missing), ("unexpected letter", unexpected)]
    examples = [f"{what} {row}" for what, rows in named for row in sorted(rows)[:2]]
    examples += [f"cell {cell}: {found.cells.get(cell)} for {expected.cells.get(cell)}" for cell in sorted(cells)[:2]]
    cases = expected.newest ^ found.newest
    return Differences(lost.total(), doubled.total(), len(cells), len(cases), len(missing), len(unexpected), examples)
