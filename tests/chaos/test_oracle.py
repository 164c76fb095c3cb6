"""What the oracle expects of the accepted events, and what a comparison calls lost, doubled and wrong."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from huanxin.chaos.load import Event
from huanxin.chaos.oracle import Oracle, State, compare
from ingest.prepare import Prepared
from schemas.identity import EventId

DAY, TYPE = date(2016, 5, 4), "recycling.weighed"


def event(document: int, fen: int, revision: int = 1, town: str = "凤城镇", voided: bool = False) -> Event:
    event_id = EventId(DAY, document.to_bytes(16, "big"), revision)
    return Event(Prepared(event_id, TYPE, b"", b"", b""), fen, town, "废钢", voided)


@pytest.fixture
def oracle(tmp_path: Path) -> Iterator[Oracle]:
    oracle = Oracle(tmp_path / "oracle.tsv")
    yield oracle
    oracle.close()


def test_each_revision_is_a_row_and_the_newest_one_counts(oracle: Oracle) -> None:
    oracle.accept(
        [event(1, 300, 2, "润城镇"), event(1, 100), event(2, 50), event(2, 50), event(3, 70), event(3, 70, 2, voided=True)]
    )
    expected = oracle.expected()
    assert expected.rows.total() == 5
    assert expected.cells == {(TYPE, DAY, "润城镇", "废钢"): (1, 300), (TYPE, DAY, "凤城镇", "废钢"): (1, 50)}


def test_a_reader_may_see_what_was_attempted_and_no_more(oracle: Oracle) -> None:
    oracle.attempt([event(1, 100), event(2, 50)])
    assert oracle.bound() == {TYPE: (2, 150)}
    assert not oracle.may_shrink
    oracle.attempt([event(1, 100)])
    assert not oracle.may_shrink, "a resend changes nothing"
    oracle.attempt([event(1, 80, revision=2)])
    assert oracle.may_shrink
    assert oracle.bound() == {TYPE: (2, 150)}


def test_lost_doubled_and_wrong_are_told_apart(oracle: Oracle) -> None:
    oracle.accept([event(1, 100), event(2, 50)])
    expected, found = oracle.expected(), oracle.expected()
    assert compare(expected, found).right
    found.rows[TYPE, DAY, "ff" * 16, 1] = 1
    found.rows[TYPE, DAY, (1).to_bytes(16, "big").hex(), 1] = 2
    del found.rows[TYPE, DAY, (2).to_bytes(16, "big").hex(), 1]
    found.cells[TYPE, DAY, "凤城镇", "废钢"] = (2, 151)
    differences = compare(expected, found)
    assert (differences.lost, differences.doubled, differences.wrong_cells) == (1, 2, 1)


def test_dead_letters_must_be_exactly_those_expected() -> None:
    differences = compare(State(letters={("t", 0, 1), ("t", 0, 2)}), State(letters={("t", 0, 2), ("t", 1, 7)}))
    assert (differences.letters_missing, differences.letters_unexpected) == (1, 1)
    assert not differences.right
