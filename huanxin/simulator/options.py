"""What a simulation is asked for, and what it reports back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """One simulation: equal options give byte-identical files."""

    seed: int
    first: date
    """The first day of the first month."""
    last: date
    """The last day of the last month."""
    scale: float
    """1.0 is a county of 380,000 people."""
    out: Path
    dirty: bool = False
    """Whether files carry the dirt that departments' files do; `answers.jsonl` then tells what must become of each."""

    def __post_init__(self) -> None:
        if self.first.day != 1 or self.first < date(2023, 1, 1):
            raise ValueError(f"first must be the first day of a month from January 2023 on, not {self.first}")
        if self.last <= self.first:
            raise ValueError(f"last must come after first: {self.last} is not after {self.first}")
        if self.scale <= 0:
            raise ValueError(f"scale must be positive, not {self.scale}")


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written, by source and by event type."""

    documents: int
    by_source: Mapping[str, int]
    by_type: Mapping[str, int]
    files: int
