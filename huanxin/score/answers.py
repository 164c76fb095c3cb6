"""The answer key of a simulated folder, with personal values made into the tokens that findings show."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from huanxin.errors import ConfigurationError
from huanxin.simulator.anomalies import TOKENS, Answer
from schemas.identity import Identifier

Case = tuple[str, str]
"""Rule and case key, as a finding has them."""


@dataclass(slots=True)
class AnswerKey:
    """What is expected of each case, and where its documents were tampered with beside that."""

    expected: dict[Case, Answer] = field(default_factory=dict)
    other_faults: defaultdict[Case, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What other stages did to the document that carries the answer: the first place to look when a case is missed."""

    def cases(self, rule: str, *expected: str) -> set[Case]:
        """The rule's cases of these sorts."""
        return {case for case, answer in self.expected.items() if answer.rule == rule and answer.expected in expected}

    @property
    def rules(self) -> list[str]:
        """Every rule that has an answer."""
        return sorted({rule for rule, _ in self.expected})


def read_answers(folder: Path, identifier: Identifier) -> AnswerKey:
    """Read `truth.jsonl`. Raises ConfigurationError where it is missing or has no answers."""
    file = folder / "truth.jsonl"
    if not file.exists():
        raise ConfigurationError(f"{file} is missing: make the folder with huanxin simulate --anomalies --out {folder}")
    key = AnswerKey()
    for faults in _faults(file):
        answers = [answer for answer in map(Answer.parse, faults) if answer]
        others = {fault for fault in faults if Answer.parse(fault) is None}
        for answer in answers:
            case = (answer.rule, tokenised(answer.case, identifier))
            key.expected[case] = answer
            key.other_faults[case] |= others
    if not key.expected:
        raise ConfigurationError(f"{file} has no answers: make the folder with huanxin simulate --anomalies")
    return key


def tokenised(case: str, identifier: Identifier) -> str:
    """The case key as a finding shows it: a personal value as its token in lower-case hex."""
    kind, _, value = case.partition(":")
    return f"{kind}:{identifier.token(TOKENS[kind], value).hex()}" if kind in TOKENS else case


def _faults(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if faults := json.loads(line)["faults"]:
                yield faults
