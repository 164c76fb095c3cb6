"""Open findings against the answer key: precision and recall of each rule, and every miss by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from huanxin.score.answers import AnswerKey, Case

_SORTS = {"near": "near miss", "closed": "explained by a correction"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as the warehouse has it now."""

    status: str
    question: str


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule's counts."""

    rule: str
    planted: int
    near: int
    corrected: int
    found: int
    """Planted cases that have an open finding."""
    wrong: int
    """Open findings that nothing was planted for."""

    @property
    def precision(self) -> float:
        """Share of the open findings that were planted; 1 where there are none."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the planted cases that were found; 1 where none was planted."""
        return self.found / self.planted if self.planted else 1.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A planted case without an open finding, or an open finding that nothing was planted for."""

    rule: str
    case: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Score:
    """All rules, and every miss."""

    rules: list[RuleScore]
    misses: list[Miss]

    def worst(self) -> tuple[float, float]:
        """The lowest precision and the lowest recall of any rule."""
        return min(rule.precision for rule in self.rules), min(rule.recall for rule in self.rules)


def compare(key: AnswerKey, findings: Mapping[Case, Finding], rules: list[str]) -> Score:
    """Score these rules; a rule without an answer in the key still must not find anything."""
    scores, misses = [], []
    for rule in rules:
        planted = key.cases(rule, "open")
        opened = {case for case, finding in findings.items() if case[0] == rule and finding.status == "open"}
        near, corrected = len(key.cases(rule, "near")), len(key.cases(rule, "closed"))
        scores.append(RuleScore(rule, len(planted), near, corrected, len(planted & opened), len(opened - planted)))
        misses += [_missed(key, findings, case) for case in sorted(planted - opened)]
        misses += [_unexpected(key, findings, case) for case in sorted(opened - planted)]
    return Score(scores, misses)


def _missed(key: AnswerKey, findings: Mapping[Case, Finding], case: Case) -> Miss:
    finding = findings.get(case)
    status = f"its finding is {finding.status}: {finding.question}" if finding else "no finding"
    tampered = f"; the document was also changed: {', '.join(sorted(key.other_faults[case]))}" if key.other_faults[case] else ""
    return Miss(case[0], key.expected[case].case, "missed", status + tampered)


def _unexpected(key: AnswerKey, findings: Mapping[Case, Finding], case: Case) -> Miss:
    answer = key.expected.get(case)
    what = f"unexpected ({_SORTS[answer.expected]})" if answer else "unexpected"
    return Miss(case[0], answer.case if answer else case[1], what, findings[case].question)
