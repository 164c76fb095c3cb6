"""One source's month with its dirt: rows blemished, doubled, corrected and voided, and its line of the answer key."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from huanxin.simulator.dirty import blemish
from huanxin.simulator.dirty.blemish import BLEMISHES, Cells
from huanxin.simulator.dirty.chance import Chance
from huanxin.simulator.dirty.costume import Costume, in_other_unit
from huanxin.simulator.dirty.dress import dressed
from ingest.sources import Source

_FORMS = {"csv": 0.55, "xlsx": 0.2, "xls": 0.08, "zip": 0.1, "json": 0.07}
_DUPLICATE, _LATE, _CORRECTED, _VOIDED = 0.015, 0.05, 0.007, 0.003
_GB18030, _MARKED, _AGAIN = 0.3, 0.3, 0.05
_DUPLICATE_OUTCOME = "duplicate"
LATER = "handed_in_later"
Row = tuple[tuple[str, ...], Cells, bool]
"""Key, header → cell, and whether the row is refused for good: never handed in well."""


@dataclass(slots=True)
class Dirty:
    """A row as it is sent, and what must become of it: accepted, duplicate, or the reason of its rejection."""

    cells: Cells
    outcome: str = "accepted"


@dataclass(slots=True)
class Answer:
    """One file's line of `answers.jsonl`."""

    file: str
    source: str
    form: str
    kinds: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    passed_over: int = 0

    def line(self) -> str:
        """The line, with its end."""
        counts = dict(self.outcomes)
        known = {
            "file": self.file,
            "source": self.source,
            "form": self.form,
            "accepted": counts.pop("accepted", 0),
            "duplicate": counts.pop(_DUPLICATE_OUTCOME, 0),
            "rejected": dict(sorted(counts.items())),
            "passed_over": self.passed_over,
            "kinds": sorted(self.kinds),
        }
        return json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n"


class Injector:
    """Dirties one export, file after file; equal seeds give equal files."""

    def __init__(self, seed: int, out: Path) -> None:
        self._chance = Chance(seed)
        self._out = out
        self.answers: list[Answer] = []
        self.faults: dict[tuple[str, ...], tuple[str, ...]] = {}
        """Source and natural key → what was done to the document's rows."""

    def write(self, source: Source, month: str, rows: Sequence[Row]) -> None:
        """Write one month's file, now and then the same again under another name, and what is handed in later (补报)."""
        form = self._form()
        costume = Costume.drawn(self._chance, source, form)
        kinds = {form, *costume.kinds}
        sent, later = self._rows(source, costume, rows, kinds)
        path = self._out / source.id / f"{month}.{form}"
        self._file(path, source, costume, form, sent, kinds)
        if self._chance.happens("sent_again", _AGAIN):
            again = [
                Dirty(row.cells, _DUPLICATE_OUTCOME if row.outcome == "accepted" else row.outcome) for row in reversed(sent)
            ]
            self._file(
                path.with_name(f"{month}_重报.csv"),
                source,
                Costume(other_unit=costume.other_unit),
                "csv",
                again,
                {"sent_again"},
            )
        if later:
            plain = Costume(other_unit=costume.other_unit)
            self._file(path.with_name(f"{month}_补报.csv"), source, plain, "csv", later, {LATER})

    def clean(self, source: Source, path: Path, count: int) -> None:
        """Note a file that was written as it should be."""
        name = str(path.relative_to(self._out))
        self.answers.append(Answer(name, source.id, path.suffix[1:], set(), Counter(accepted=count)))

    def _form(self) -> str:
        unused = [form for form in _FORMS if form not in self._chance.used]
        form = unused[0] if unused else self._chance.dice.one_of(_FORMS)
        self._chance.used.add(form)
        return form

    def _rows(self, source: Source, costume: Costume, rows: Sequence[Row], kinds: set[str]) -> tuple[list[Dirty], list[Dirty]]:
        """The rows of the month's file, and those handed in later: what was refused, and what was voided by mistake."""
        sent: list[Dirty] = []
        more: list[Dirty] = []
        later: list[Dirty] = []
        newest: dict[tuple[str, ...], str] = {}
        given = [(key, {target: named[header] for header, target in source.columns.items()}, lost) for key, named, lost in rows]
        for key, cells, _ in given:
            newest[key] = max(newest.get(key, ""), cells["@revision"])
        for key, true, lost in given:
            cells = in_other_unit(source, true) if costume.other_unit else true
            done: list[str] = []
            if self._chance.happens("late", _LATE):
                done.append("late")
                cells = cells | blemish.late(cells, self._chance.dice)
            row = self._refused(cells, done) if lost else self._blemished(cells, done)
            sent.append(row)
            if row.outcome != "accepted" and not lost:
                done.append(LATER)
                later.append(Dirty(blemish.again(cells, self._chance.dice)))
            # What a department already revised or voided has its end.
            if not lost and cells["@revision"] == newest[key] and cells["status"] != "voided":
                self._revised(cells, done, more, later)
            if row.outcome == "accepted" and self._chance.happens("duplicate", _DUPLICATE):
                done.append("duplicate")
                more.append(Dirty(row.cells, _DUPLICATE_OUTCOME))
            if done:
                kinds.update(done)
                self.faults[key] = (*self.faults.get(key, ()), *done)
        self._chance.dice.shuffle(more)
        return [*sent, *more], later

    def _revised(self, cells: Cells, done: list[str], more: list[Dirty], later: list[Dirty]) -> None:
        for status, rate in (("corrected", _CORRECTED), ("voided", _VOIDED)):
            if self._chance.happens(status, rate):
                done.append(status)
                more.append(Dirty(blemish.revised(cells, status)))
                if status == "voided":
                    later.append(Dirty(blemish.restored(cells, self._chance.dice)))
                return

    def _blemished(self, cells: Cells, done: list[str]) -> Dirty:
        for kind in BLEMISHES:
            if kind.kind in self._chance.used and not self._chance.dice.happens(kind.rate):
                continue
            changed = kind.change(cells, self._chance.dice)
            if changed:
                self._chance.used.add(kind.kind)
                done.append(kind.kind)
                return Dirty(cells | changed, kind.reason or "accepted")
        return Dirty(cells)

    def _refused(self, cells: Cells, done: list[str]) -> Dirty:
        """A row that no reader may accept."""
        for kind in self._chance.dice.sample(BLEMISHES, len(BLEMISHES)):
            if kind.reason and (changed := kind.change(cells, self._chance.dice)):
                done.append(kind.kind)
                return Dirty(cells | changed, kind.reason)
        raise ValueError("no dirt makes a reader refuse this row")

    def _file(self, path: Path, source: Source, costume: Costume, form: str, sent: Sequence[Dirty], kinds: set[str]) -> None:
        encoding = "utf-8"
        if form in ("csv", "zip"):
            if self._chance.happens("gb18030", _GB18030):
                encoding = "gb18030"
            elif self._chance.happens("utf-8-sig", _MARKED):
                encoding = "utf-8-sig"
            kinds.add(encoding)
        rows = [[row.cells[target] for target in source.columns.values()] for row in sent]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dressed(source, costume, form, encoding, rows))
        name, outcomes = str(path.relative_to(self._out)), Counter(row.outcome for row in sent)
        self.answers.append(Answer(name, source.id, form, kinds, outcomes, costume.passed_over))
