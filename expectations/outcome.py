"""What one run of the suites found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from expectations.expand import Expectation


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one expectation."""

    expectation: Expectation
    success: bool
    unexpected_count: int | None
    """None where rows are not what is counted, or they could not be."""
    observed: str
    examples: tuple[str, ...]
    """A few failing values or rows as JSON: printed for whoever runs the check, never stored."""
    error: str
    """Why it could not be asked, such as a column that is not there; empty otherwise."""

    @property
    def label(self) -> str:
        """suite.name, and the column where it is about one."""
        column = self.expectation.column
        return f"{self.expectation.suite}.{self.expectation.name}" + (f"[{column}]" if column else "")

    @property
    def grave(self) -> bool:
        """Failed and critical, or not askable: a check that cannot be made protects nobody, whatever its severity."""
        return not self.success and (self.expectation.severity == "critical" or bool(self.error))

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.expectation.model_dump(exclude={"arguments"}),
            "success": self.success,
            "unexpected_count": self.unexpected_count,
            "observed": self.observed,
            "examples": list(self.examples),
            "error": self.error,
        }

    def as_text(self) -> str:
        """One line where it holds; where not, what is wrong, why it matters, and examples."""
        if self.success:
            return f"ok        {self.label}  {self.expectation.title}"
        found = self.error or (
            f"{self.unexpected_count} 处不符" if self.unexpected_count is not None else f"实为 {self.observed}"
        )
        grade = "error" if self.error else self.expectation.severity
        lines = [f"{grade:9} {self.label}  {self.expectation.title}: {found}"]
        return "\n            ".join([*lines, self.expectation.why, *self.examples])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run over all suites."""

    run_id: UUID
    run_at: datetime
    seconds: float
    results: Sequence[Result]

    @property
    def failures(self) -> list[Result]:
        """What does not hold, of any severity."""
        return [result for result in self.results if not result.success]

    @property
    def critical_failures(self) -> list[Result]:
        """What makes `huanxin check` exit with 1."""
        return [result for result in self.results if result.grave]

    def as_dict(self) -> dict[str, Any]:
        return {
            "run_id": str(self.run_id),
            "run_at": self.run_at.isoformat(timespec="milliseconds"),
            "seconds": round(self.seconds, 1),
            "passed": len(self.results) - len(self.failures),
            "failed": len(self.failures),
            "critical": len(self.critical_failures),
            "results": [result.as_dict() for result in self.results],
        }

    def as_text(self) -> str:
        """A line per expectation, the failures last with their reasons, then one line of figures."""
        shown = sorted(self.results, key=lambda result: (not result.success, result.grave))
        passed = len(self.results) - len(self.failures)
        lesser = len(self.failures) - len(self.critical_failures)
        figures = f"{passed} passed, {len(self.critical_failures)} critical, {lesser} lesser failures"
        return "\n".join(
            [*(result.as_text() for result in shown), f"{len(self.results)} expectations: {figures}, {self.seconds:.1f} s"]
        )
