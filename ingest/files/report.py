"""What a file came to: counts, and each rejected row with its reason."""

from dataclasses import dataclass, field
from typing import Any

from ingest.accept import Result


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
    rejections: list[Rejection] = field(default_factory=list)

    def add(self, file: str, row: int, result: Result) -> None:
        """Count one row."""
        if result.status == "accepted":
            self.accepted += 1
        elif result.status == "duplicate":
            self.duplicate += 1
        else:
            self.rejections.append(Rejection(file, row, result.field or "", result.reason or "", result.message or ""))

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `huanxin ingest --json` prints it."""
        return {
            "files": self.files,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": len(self.rejections),
            "rejections": [
                {"file": r.file, "row": r.row, "field": r.field, "reason": r.reason, "message": r.message}
                for r in self.rejections
            ],
        }

    def as_text(self) -> str:
        """The same for a reader; a file that brought nothing new says so."""
        lines = [f"files {self.files}  accepted {self.accepted}  duplicate {self.duplicate}  rejected {len(self.rejections)}"]
        if self.duplicate and not self.accepted:
            lines.append("everything valid in it was taken in before: nothing changes")
        lines += [f"  {r.file} row {r.row}: {r.field} {r.reason}: {r.message}" for r in self.rejections[:50]]
        if len(self.rejections) > 50:
            lines.append(f"  … and {len(self.rejections) - 50} more; --json lists them all")
        return "\n".join(lines)
