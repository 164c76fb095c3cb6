"""The drop folder: only complete files, moved with their answers, and nothing moved that is not acknowledged."""

import os
from pathlib import Path

import pytest

from huanxin.errors import UnavailableError
from ingest.accept import Intake
from ingest.fakes import FakePublisher
from ingest.files.drop import DONE, FAILED, WORK, Arrival, Drop, take
from ingest.files.report import Report
from ingest.files.take_in import Advance, take_in
from ingest.files.upload import Desk
from ingest.sources import Source, sources
from tests.ingest.files.test_opening import CAR, cells, csv_of
from tests.ingest.samples import intake


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class PlainDesk(Desk):
    """A desk without ClickHouse."""

    def __init__(self, counter: Intake) -> None:
        object.__setattr__(self, "intake", counter)

    def take(self, path: Path, source: Source, results: Path | None, advance: Advance) -> Report:
        return take_in(self.intake, path, source, results, advance)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drop(tmp_path: Path, clock: Clock) -> Drop:
    made = Drop(tmp_path, sources(), 2.0, clock)
    made.prepare()
    return made


def put(root: Path, name: str, content: bytes = b"x") -> Path:
    path = root / CAR.id / name
    path.write_bytes(content)
    return path


def names(drop: Drop) -> list[str]:
    return [arrival.path.name for arrival in drop.complete()]


def test_a_file_counts_once_it_stands_still(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv")
    assert names(drop) == []
    clock.now = 1.9
    assert names(drop) == []
    path.write_bytes(b"xx")  # still being uploaded
    clock.now = 2.5
    assert names(drop) == []
    clock.now = 4.5
    assert names(drop) == ["a.csv"]


def test_a_file_whose_time_moves_is_not_complete(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv")
    for clock.now in (0.0, 2.0, 4.0):
        os.utime(path, (clock.now, clock.now))
        assert names(drop) == []


def test_unfinished_hidden_and_foreign_names_are_left_alone(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    for name in ("a.csv.part", "b.filepart", "c.CSV.TMP", ".hidden", "~$d.xlsx", "e.csv"):
        put(tmp_path, name)
    (tmp_path / "nobody").mkdir()
    (tmp_path / "nobody" / "f.csv").write_bytes(b"x")
    put(tmp_path, f"{DONE}/g.csv")
    names(drop)
    clock.now = 2.0
    assert names(drop) == ["e.csv"]


def test_the_oldest_comes_first(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    os.utime(put(tmp_path, "a.csv"), (200, 200))
    os.utime(put(tmp_path, "b.csv"), (100, 100))
    names(drop)
    clock.now = 2.0
    assert names(drop) == ["b.csv", "a.csv"]


def arrivals(drop: Drop, clock: Clock) -> list[Arrival]:
    drop.complete()
    clock.now += 2
    return drop.complete()


def moved(root: Path, folder: str) -> list[str]:
    return sorted(path.name.partition("_")[2] for path in (root / CAR.id / folder).iterdir())


def test_a_file_is_moved_with_its_answer(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    put(tmp_path, "a.csv", csv_of(cells(), cells(kerb_kg="多")))
    put(tmp_path, "b.csv", b"x,y\n")
    put(tmp_path, "c.csv", csv_of(cells(kerb_kg="多")))
    desk = PlainDesk(intake(FakePublisher()))
    for arrival in arrivals(drop, clock):
        take(desk, arrival, lambda rows, share: None)
    assert moved(tmp_path, DONE) == ["a.csv", "a.csv.退回.csv"]
    assert moved(tmp_path, FAILED) == ["b.csv", "c.csv", "c.csv.退回.csv"]
    assert drop.complete() == []


def test_what_is_not_acknowledged_stays_and_leavings_of_a_kill_are_cleared(drop: Drop, clock: Clock, tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", csv_of(cells()))
    publisher = FakePublisher()
    publisher.available = False
    desk = PlainDesk(intake(publisher))
    (arrival,) = arrivals(drop, clock)
    with pytest.raises(UnavailableError):
        take(desk, arrival, lambda rows, share: None)
    assert path.exists()
    (path.parent / WORK / "old.csv.退回.csv").write_bytes(b"x")
    publisher.available = True
    take(desk, arrival, lambda rows, share: None)
    assert moved(tmp_path, DONE) == ["a.csv"]
    assert not path.exists()


def test_a_file_taken_in_again_after_a_kill_replaces_its_answer(
    drop: Drop, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the answer was moved and before the file was."""
    put(tmp_path, "a.csv", csv_of(cells(), cells(kerb_kg="多")))
    desk = PlainDesk(intake(FakePublisher()))
    (arrival,) = arrivals(drop, clock)
    replace = Path.replace

    def killed(path: Path, to: Path) -> Path:
        if path == arrival.path:
            raise KeyboardInterrupt
        return replace(path, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            take(desk, arrival, lambda rows, share: None)
    report = take(desk, arrival, lambda rows, share: None)
    assert (report.accepted, report.duplicate) == (0, 1)
    assert moved(tmp_path, DONE) == ["a.csv", "a.csv.退回.csv"]
