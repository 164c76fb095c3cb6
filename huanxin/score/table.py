"""How a score is shown: as text with every miss, and as a Markdown table for the documentation."""

from pathlib import Path
from typing import Any

from huanxin.score.compare import RuleScore, Score
from warehouse.rulebook import rulebook

_HEAD = "| rule | 名称 | planted | near misses | corrected | found | wrong | precision | recall |"


def as_text(score: Score, least: float, seconds: float) -> str:
    """One line per rule, then every miss with its explanation, then one line of figures."""
    lines = [
        f"{rule.rule}  precision {rule.precision:.4f}  recall {rule.recall:.4f}  planted {rule.planted:3}  "
        f"near misses {rule.near:3}  corrected {rule.corrected:2}  found {rule.found:3}  wrong {rule.wrong}"
        for rule in score.rules
    ]
    if score.misses:
        lines += ["", f"{len(score.misses)} misses:"]
        lines += [f"{miss.rule}  {miss.case}  {miss.what}: {miss.why}" for miss in score.misses]
    precision, recall = score.worst()
    planted = sum(rule.planted for rule in score.rules)
    verdict = "pass" if min(precision, recall) >= least else "FAIL"
    return "\n".join(
        [
            *lines,
            f"{verdict}: {len(score.rules)} rules, {planted} planted cases, {len(score.misses)} misses, lowest precision "
            f"{precision:.4f}, lowest recall {recall:.4f}, required {least:.2f}, {seconds:.0f} s",
        ]
    )


def write_table(path: Path, score: Score, manifest: dict[str, Any], *, dirty: bool, least: float) -> None:
    """Write the documentation's page; the run that it shows is named, so that anyone can repeat it."""
    options = manifest["options"]
    flags = "--anomalies" + (" --dirty" if dirty else "")
    months = f"--from {options['first'][:7]} --to {options['last'][:7]}"
    precision, recall = score.worst()
    misses = [f"- {miss.rule} `{miss.case}` {miss.what}: {miss.why}" for miss in score.misses] or ["None."]
    text = "\n".join(
        [
            "# How well the rules find what was planted",
            "",
            "Written by `huanxin rules score DIR --load --table docs/supervision-score.md` over",
            f"`huanxin simulate {flags} --seed {manifest['seed']} {months} --scale {options['scale']} --out DIR`:",
            f"{manifest['documents']:,} synthetic documents. Planted cases must be found; near misses, cases that a correction",
            f"explains and everything else must not. Lowest precision {precision:.4f}, lowest recall {recall:.4f}; required",
            f"{least:.2f}.",
            "",
            _HEAD,
            "|" + "---|" * 9,
            *map(_row, score.rules),
            "",
            "## Misses",
            "",
            *misses,
            "",
        ]
    )
    path.write_text(text, encoding="utf-8")


def _row(rule: RuleScore) -> str:
    name = rulebook()[rule.rule].name
    counts = f"{rule.planted} | {rule.near} | {rule.corrected} | {rule.found} | {rule.wrong}"
    return f"| {rule.rule} | {name} | {counts} | {rule.precision:.4f} | {rule.recall:.4f} |"
