"""How a score is shown: as text with every miss, and as a Markdown table for the documentation."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from huanxin.score.compare import RuleScore, Score
from huanxin.simulator.dirty.injector import LATER
from huanxin.simulator.document import NEVER
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


def section(score: Score, folder: Path, least: float) -> list[str]:
    """The page's part on one folder; the simulation that it shows is named, so that anyone can repeat it."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    options, dirty = manifest["options"], is_dirty(folder)
    flags = "--anomalies" + (" --dirty" if dirty else "")
    months = f"--from {options['first'][:7]} --to {options['last'][:7]}"
    precision, recall = score.worst()
    misses = [f"- {miss.rule} `{miss.case}` {miss.what}: {miss.why}" for miss in score.misses] or ["Misses: none."]
    planted = sum(rule.planted for rule in score.rules)
    return [
        f"## {'Dirty' if dirty else 'Clean'} files",
        "",
        f"`huanxin simulate {flags} --seed {manifest['seed']} {months} --scale {options['scale']} --out DIR`:",
        f"{manifest['documents']:,} synthetic documents, {planted} planted cases.",
        f"Lowest precision {precision:.4f}, lowest recall {recall:.4f}; required {least:.2f}.",
        "",
        *(_dirt(folder) if dirty else ()),
        _HEAD,
        "|" + "---|" * 9,
        *map(_row, score.rules),
        "",
        *misses,
        "",
    ]


def write_tables(path: Path, sections: Iterable[list[str]]) -> None:
    """Write the documentation's page."""
    head = [
        "# How well the rules find what was planted",
        "",
        "Written by `huanxin rules score CLEAN DIRTY --load --table docs/supervision-score.md`. Planted cases must be found;",
        "near misses, cases that a correction explains and everything else must not.",
        "",
    ]
    text = "\n".join([*head, *(line for lines in sections for line in lines)])
    path.write_text(text, encoding="utf-8")


def is_dirty(folder: Path) -> bool:
    """Whether the folder was simulated with dirt."""
    return (folder / "answers.jsonl").exists()


def _dirt(folder: Path) -> list[str]:
    """What befell the documents, and that what stays unrepaired is asked about."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        counts = Counter(fault for line in lines for fault in json.loads(line)["faults"])
    told = ", ".join(f"{name} {counts[name]:,}" for name in ("late", "duplicate", "corrected", "voided", LATER, NEVER))
    return [
        f"Documents by what befell them: {told}.",
        "What a reader refused or a clerk voided by mistake comes again in a later file (补报). What never does is a missing",
        "paper, and the rule that asks for it is right: a certificate's absence is A01's case, a deregistration's A02's. Such",
        "cases stand in the answer key beside the planted ones.",
        "",
    ]


def _row(rule: RuleScore) -> str:
    name = rulebook()[rule.rule].name
    counts = f"{rule.planted} | {rule.near} | {rule.corrected} | {rule.found} | {rule.wrong}"
    return f"| {rule.rule} | {name} | {counts} | {rule.precision:.4f} | {rule.recall:.4f} |"
