"""The figures of one run or several: for the terminal, and as the table of docs/reliability.md, which a run writes."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from huanxin.errors import ConfigurationError

BEGIN, END = "<!-- written by huanxin chaos: begin -->", "<!-- written by huanxin chaos: end -->"
Outcome = dict[str, Any]
"""An outcome as plain data, from this run or from a file of earlier ones."""


def as_text(outcomes: Sequence[Outcome]) -> str:
    """One line for each kind."""
    lines = []
    for kind, group in _by_kind(outcomes):
        lines.append(f"{kind:34} " + "  ".join(f"{name} {value}" for name, value in _figures(group).items()))
    return "\n".join(lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The last line: the figures of all together."""
    figures = {"kinds": str(len(_by_kind(outcomes)))} | _figures(outcomes)
    wrong = sum(not outcome["right"] for outcome in outcomes)
    return "chaos: " + ", ".join(f"{name} {value}" for name, value in figures.items()) + f", failed {wrong}"


def append(path: Path, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Add the outcomes to a file of them, one JSON object a line; returns all that it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(outcome, ensure_ascii=False) + "\n" for outcome in outcomes)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_table(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Replace the table between the two marks of a Markdown file. Raises ConfigurationError where it has no such marks."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    head, found, rest = text.partition(BEGIN)
    _, ended, tail = rest.partition(END)
    if not (found and ended):
        raise ConfigurationError(f"{path} has no lines {BEGIN} and {END}: the table goes between them")
    path.write_text(f"{head}{BEGIN}\n\n{_markdown(outcomes)}\n\n{END}{tail}", encoding="utf-8")


def _markdown(outcomes: Sequence[Outcome]) -> str:
    names = ("injections", "proven", "events", "lost", "doubled", "dead letters", "longest recovery")
    lines = [f"| fault | {' | '.join(names)} | evidence, of one injection |", "|---" * (len(names) + 2) + "|"]
    for kind, group in _by_kind(outcomes):
        figures = _figures(group)
        evidence = "; ".join(next((o["evidence"] for o in reversed(group) if o["right"]), group[-1]["problems"]))
        lines.append(f"| {kind} | {' | '.join(figures[name] for name in names)} | {_plain(evidence)[:240]} |")
    figures = _figures(outcomes)
    lines.append(f"| **all** | {' | '.join(figures[name] for name in names)} | |")
    runs = ", ".join(f"{commit} ({times} trials)" for commit, times in Counter(o["commit"] for o in outcomes).items())
    seeds = ", ".join(sorted({str(o["seed"]) for o in outcomes}))
    failed = sum(not outcome["right"] for outcome in outcomes)
    ended = sum(outcome["ended_itself"] for outcome in outcomes)
    return (
        f"{summary(outcomes)}. Readers looked {figures['looks']} times. Commits: {runs}; seeds {seeds}; "
        f"{max(o['at'] for o in outcomes)[:10]}, {outcomes[-1]['cores']} cores. "
        f"The library's ClickHouse ended itself in {ended} trials.\n\n" + "\n".join(lines)
    ) + ("" if not failed else "\n\n" + _failures(outcomes))


def _failures(outcomes: Sequence[Outcome]) -> str:
    wrong = [outcome for outcome in outcomes if not outcome["right"]]
    return "Failed:\n\n" + "\n".join(f"- {o['kind']} ({o['commit']}): {_plain('; '.join(o['problems']))[:300]}" for o in wrong)


def _plain(text: str) -> str:
    """In one line and one cell, without the folder that the run had."""
    return re.sub(r"\S*huanxin-chaos-\w+/", "", " ".join(text.split())).replace("|", "/")


def _by_kind(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    ordered = sorted(outcomes, key=lambda outcome: str(outcome["kind"]).lower())
    return [(kind, list(group)) for kind, group in groupby(ordered, key=lambda outcome: str(outcome["kind"]))]


def _figures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    def total(name: str) -> int:
        return sum(outcome[name] for outcome in outcomes)

    return {
        "injections": str(total("injections")),
        "proven": str(sum(outcome["injections"] for outcome in outcomes if outcome["evidence"])),
        "events": f"{total('events'):,}",
        "messages": f"{total('messages'):,}",
        "lost": str(total("lost")),
        "doubled": str(total("doubled")),
        "dead letters": str(total("dead_letters")),
        "looks": f"{total('looks'):,}",
        "longest recovery": f"{max((outcome['recovery_seconds'] for outcome in outcomes), default=0):.1f} s",
    }
