"""The matrix: its kinds, the mutations that must be caught, and a few faults on a real stack of their own."""

import sys
from pathlib import Path

import pytest
from rich.console import Console

from huanxin.chaos.faults import kinds
from huanxin.chaos.lab import Lab
from huanxin.chaos.mutations import MUTATIONS, Mutation
from huanxin.chaos.run import Runner
from huanxin.settings import CHECKOUT

QUICK = ("worker killed after insert", "poison among good events", "too many parts")
CONSOLE = Console(file=sys.stderr)


def test_every_kind_says_what_it_does() -> None:
    assert len(kinds()) >= 30
    assert [name for name, kind in kinds().items() if not kind.title] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_still_fits_the_code(mutation: Mutation) -> None:
    path = Path(CHECKOUT, mutation.file)
    changed = mutation.applied(path.read_text(encoding="utf-8"))
    compile(changed, mutation.file, "exec")
    assert mutation.kind in kinds()


@pytest.mark.stack
def test_faults_on_a_stack_of_their_own(request: pytest.FixtureRequest) -> None:
    """A few of the matrix, with the reader, the oracle and the negative control; `huanxin chaos` runs all of it."""
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        say = lambda what: CONSOLE.print(f"chaos: {what}", highlight=False)  # noqa: E731
        with Lab(say) as lab:
            runner = Runner(lab, seed=5, say=say)
            outcomes = list(runner.run([kinds()[name] for name in QUICK], 1, 800, long=False))
            left = lab.supervisor
    assert [outcome.problems for outcome in outcomes] == [[], [], []]
    assert runner.controlled
    assert left.processes() == []
