"""What was handed in came to: counts, the first rejected rows with their reasons, and what could not be read at all."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from huanxin.errors import FileRefusedError
from ingest.accept import Result

KEPT = 1_000
"""How many rejections are kept for print; the result file has them all."""
SHOWN = 50
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejected row; `row` is its number as a spreadsheet shows it."""

    file: str
    row: int
    field: str
    reason: str
    message: str


@dataclass(slots=True)
class Report:
    """Counts over one file or many."""

    files: int = 0
    accepted: int = 0
    duplicate: int = 0
    passed_over: int = 0
    """Rows that are no data: totals, notes, repeated headers."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Reason → rows."""
    rejections: list[Rejection] = field(default_factory=list)
    refused: list[FileRefusedError] = field(default_factory=list)
    """Files, sheets and members of a ZIP that could not be read as the source's."""
    doubted: Counter[str] = field(default_factory=Counter)
    """Reason → rows that were taken in and are worth a second look."""
    doubts: list[Rejection] = field(default_factory=list)
    """The first of them."""
    totals: dict[tuple[date, str], tuple[int, Decimal]] = field(default_factory=dict)
    """Control totals: business day and outcome (accepted, duplicate) → rows and yuan."""
    notes: list[str] = field(default_factory=list)
    """What else its sender should know."""

    def add(self, file: str, row: int, result: Result, yuan: Decimal = ZERO) -> None:
        """Count one row; `yuan` is its amount."""
        if result.event_id:
            self._total((result.day, result.status), 1, yuan)
        if result.status == "accepted":
            self.accepted += 1
        elif result.status == "duplicate":
            self.duplicate += 1
        else:
            self.rejected[result.reason or ""] += 1
            if len(self.rejections) < KEPT:
                self.rejections.append(Rejection(file, row, result.field or "", result.reason or "", result.message or ""))

    def _total(self, key: tuple[date, str], rows: int, yuan: Decimal) -> None:
        rows_before, yuan_before = self.totals.get(key, (0, ZERO))
        self.totals[key] = (rows_before + rows, yuan_before + yuan)

    def yuan(self, outcome: str) -> Decimal:
        """The amounts of all rows with this outcome (accepted, duplicate)."""
        return sum((yuan for (_, each), (_, yuan) in self.totals.items() if each == outcome), ZERO)

    def doubt(self, file: str, row: int, field: str, reason: str) -> None:
        """Note a row that was taken in and is worth a second look."""
        self.doubted[reason] += 1
        if len(self.doubts) < KEPT:
            self.doubts.append(Rejection(file, row, field, reason, "taken in; compare it with the document"))

    def include(self, other: "Report") -> None:
        """Add another report's counts to this one's."""
        self.files += other.files
        self.accepted += other.accepted
        self.duplicate += other.duplicate
        self.passed_over += other.passed_over
        self.rejected.update(other.rejected)
        self.rejections += other.rejections[: KEPT - len(self.rejections)]
        self.refused += other.refused
        self.doubted.update(other.doubted)
        self.doubts += other.doubts[: KEPT - len(self.doubts)]
        self.notes += other.notes
        for key, (rows, yuan) in other.totals.items():
            self._total(key, rows, yuan)

    @property
    def clean(self) -> bool:
        """Whether nothing was rejected and everything could be read."""
        return not self.rejected and not self.refused

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `huanxin ingest --json` prints it."""
        return {
            "files": self.files,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "accepted_yuan": str(self.yuan("accepted")),
            "duplicate_yuan": str(self.yuan("duplicate")),
            "rejected": self.rejected.total(),
            "rejected_by_reason": dict(self.rejected.most_common()),
            "passed_over": self.passed_over,
            "refused": [{"file": error.name, "reason": error.reason, "message": str(error)} for error in self.refused],
            "doubted_by_reason": dict(self.doubted.most_common()),
            "notes": self.notes,
            "rejections": [
                {"file": r.file, "row": r.row, "field": r.field, "reason": r.reason, "message": r.message}
                for r in self.rejections
            ],
        }

    def as_text(self) -> str:
        """The same for a reader; a file that brought nothing new says so."""
        rejected = self.rejected.total()
        lines = [f"files {self.files}  accepted {self.accepted}  duplicate {self.duplicate}  rejected {rejected}"]
        if self.yuan("accepted") or self.yuan("duplicate"):
            lines.append(f"control total: accepted {self.yuan('accepted')} yuan, duplicate {self.yuan('duplicate')} yuan")
        if self.passed_over:
            lines.append(f"passed over {self.passed_over} rows that are totals, notes or repeated headers")
        if self.duplicate and not self.accepted:
            lines.append("everything valid in it was taken in before: nothing changes")
        lines += [f"taken in, worth a second look: {count} × {reason}" for reason, count in self.doubted.most_common()]
        lines += self.notes
        lines += [f"  not read: {error}" for error in self.refused]
        lines += [f"  {count} × {reason}" for reason, count in self.rejected.most_common()]
        lines += [f"  {r.file} row {r.row}: {r.field} {r.reason}: {r.message}" for r in self.rejections[:SHOWN]]
        if rejected > SHOWN:
            lines.append(f"  … and {rejected - SHOWN} more; the result files list them all")
        return "\n".join(lines)
