"""The table of a run: for the terminal and for docs/reliability.md."""

from collections.abc import Sequence
from itertools import groupby

from huanxin.chaos.run import Outcome


def as_text(outcomes: Sequence[Outcome]) -> str:
    """One line for each kind."""
    lines = []
    for kind, group in _by_kind(outcomes):
        figures = _figures(group)
        lines.append(f"{kind:34} " + "  ".join(f"{name} {value}" for name, value in figures.items()))
    return "\n".join(lines)


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The last line: the whole run's figures."""
    figures = _figures(outcomes)
    kinds = len({outcome.kind for outcome in outcomes})
    wrong = sum(not outcome.right for outcome in outcomes)
    return f"chaos: kinds {kinds}, " + ", ".join(f"{k} {v}" for k, v in figures.items()) + f", failed {wrong}, {seconds:.0f} s"


def _by_kind(outcomes: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    ordered = sorted(outcomes, key=lambda outcome: outcome.kind)
    return [(kind, list(group)) for kind, group in groupby(ordered, key=lambda outcome: outcome.kind)]


def _figures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {
        "injections": str(len(outcomes)),
        "proven": str(sum(bool(outcome.evidence) for outcome in outcomes)),
        "events": f"{sum(outcome.events for outcome in outcomes):,}",
        "messages": f"{sum(outcome.messages for outcome in outcomes):,}",
        "lost": str(sum(outcome.lost for outcome in outcomes)),
        "doubled": str(sum(outcome.doubled for outcome in outcomes)),
        "dead letters": str(sum(outcome.dead_letters for outcome in outcomes)),
        "looks": f"{sum(outcome.looks for outcome in outcomes):,}",
        "longest recovery": f"{max((outcome.recovery_seconds for outcome in outcomes), default=0):.1f} s",
    }
