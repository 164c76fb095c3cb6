"""What the answer key says of a document, as an entry of its `faults`: rule, what is expected, and the case.

`open` expects an open finding in the end; `closed` one that a later revision explains; `near` looks like one and is lawful. The
case is written plainly (`vin:LSV…`): whoever compares it with a finding makes the same token of it.
"""

from dataclasses import dataclass
from typing import Literal

from schemas.marks import Kind

Expected = Literal["open", "closed", "near"]

TOKENS: dict[str, Kind] = {
    "vin": Kind.VIN,
    "person": Kind.PERSON_ID,
    "seller": Kind.PERSON_ID,
    "account": Kind.ACCOUNT,
    "phone": Kind.PHONE,
    "address": Kind.ADDRESS,
    "truck": Kind.PLATE,
}
"""Kinds of case key whose value is personal: a finding shows its token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the answer key."""

    rule: str
    expected: Expected
    case: str
    """kind:value, plainly."""

    def __str__(self) -> str:
        return f"{self.rule} {self.expected} {self.case}"

    @classmethod
    def parse(cls, fault: str) -> "Answer | None":
        """The answer in a document's fault, or None where the fault is another stage's."""
        rule, _, rest = fault.partition(" ")
        expected, _, case = rest.partition(" ")
        if not (len(rule) == 3 and rule[0] == "A" and rule[1:].isdigit() and expected in ("open", "closed", "near") and case):
            return None
        return cls(rule, expected, case)  # type: ignore[arg-type]  # one of the three, as just checked
