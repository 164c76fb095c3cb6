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

    def write(self, source: Source, month: str, rows: Sequence[tuple[tuple[str, ...], Cells]]) -> None:
        """Write one month's file, and now and then the same again under another name; `rows` are key and header → cell."""
        form = self._form()
        costume = Costume.drawn(self._chance, source, form)
        kinds = {form, *costume.kinds}
        sent = self._rows(source, costume, rows, kinds)
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

    def clean(self, source: Source, path: Path, count: int) -> None:
        """Note a file that was written as it should be."""
        name = str(path.relative_to(self._out))
        self.answers.append(Answer(name, source.id, path.suffix[1:], set(), Counter(accepted=count)))

    def _form(self) -> str:
        unused = [form for form in _FORMS if form not in self._chance.used]
        form = unused[0] if unused else self._chance.dice.one_of(_FORMS)
        self._chance.used.add(form)
        return form

    def _rows(
        self, source: Source, costume: Costume, rows: Sequence[tuple[tuple[str, ...], Cells]], kinds: set[str]
    ) -> list[Dirty]:
        dice, happens = self._chance.dice, self._chance.happens
        sent: list[Dirty] = []
        more: list[Dirty] = []
        for key, named in rows:
            true = {target: named[header] for header, target in source.columns.items()}
            cells = in_other_unit(source, true) if costume.other_unit else true
            done: list[str] = []
            if happens("late", _LATE):
                done.append("late")
                cells = cells | blemish.late(cells, dice)
            row = self._blemished(cells, done)
            sent.append(row)
            if row.outcome == "accepted" and happens("duplicate", _DUPLICATE):
                done.append("duplicate")
                more.append(Dirty(row.cells, _DUPLICATE_OUTCOME))
            for status, rate in (("corrected", _CORRECTED), ("voided", _VOIDED)):
                if happens(status, rate):
                    done.append(status)
                    more.append(Dirty(blemish.revised(cells, status)))
                    break
            if done:
                kinds.update(done)
                self.faults[key] = (*self.faults.get(key, ()), *done)
        dice.shuffle(more)
        return [*sent, *more]

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
