"""The dirty export against its answer key: every file ends with exactly the counts the injector wrote, nothing in neither."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huanxin.simulator import Options, simulate
from huanxin.simulator.dirty.blemish import BLEMISHES
from huanxin.simulator.document import NEVER
from huanxin.simulator.losses import losses
from ingest.fakes import FakePublisher
from ingest.files.take_in import files_of, take_in
from ingest.sources import sources
from tests.huanxin.test_simulator import digest, truth
from tests.ingest.samples import intake

LAYOUT = {
    "csv", "xlsx", "xls", "zip", "json", "gb18030", "utf-8", "utf-8-sig", "title_rows", "two_row_header", "total_row",
    "subtotal_row", "note_row", "hidden_column", "declared_unit", "sent_again", "late", "duplicate", "corrected", "voided",
    "handed_in_later",
}  # fmt: skip


def options(out: Path, scale: float = 0.04, last: date = date(2024, 10, 31)) -> Options:
    return Options(5, date(2024, 4, 1), last, scale, out, dirty=True)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty")
    simulate(options(out))
    return out


@pytest.fixture(scope="module")
def answers(dirty: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (dirty / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_file_ends_with_exactly_the_counts_of_its_answer(dirty: Path, answers: list[dict[str, Any]]) -> None:
    assert sum(bool(answer["kinds"]) for answer in answers) >= 40
    publisher, found = FakePublisher(), []
    desk = intake(publisher)
    for source in sources().values():
        for path in files_of(dirty / source.id):
            report = take_in(desk, path, source)
            assert report.refused == []
            found.append(
                {
                    "file": str(path.relative_to(dirty)),
                    "accepted": report.accepted,
                    "duplicate": report.duplicate,
                    "rejected": dict(sorted(report.rejected.items())),
                    "passed_over": report.passed_over,
                }
            )
    wanted = [{name: answer[name] for name in found[0]} for answer in answers]
    assert sorted(found, key=lambda line: line["file"]) == sorted(wanted, key=lambda line: line["file"])
    assert len(publisher.held) == sum(answer["accepted"] for answer in answers)


def test_every_kind_of_dirt_is_there(answers: list[dict[str, Any]]) -> None:
    assert {kind for answer in answers for kind in answer["kinds"]} == LAYOUT | {blemish.kind for blemish in BLEMISHES}


def test_what_was_planted_stands_in_the_truth(dirty: Path, answers: list[dict[str, Any]]) -> None:
    planted = Counter(fault for line in truth(dirty) for fault in line["faults"])
    reasons = {blemish.kind: blemish.reason for blemish in BLEMISHES if blemish.reason}
    rejected: Counter[str] = Counter()
    for answer in answers:
        if "sent_again" not in answer["kinds"]:
            rejected.update(answer["rejected"])
    assert rejected == sum((Counter({reason: planted[kind]}) for kind, reason in reasons.items()), Counter())
    assert 0.02 < planted["late"] / sum(line["source"] not in _http() for line in truth(dirty)) < 0.09


def test_accepted_rows_keep_their_true_values(dirty: Path) -> None:
    """However a cell was written, the event says what the true document says: amounts are compared by key."""
    publisher = FakePublisher()
    desk = intake(publisher)
    for path in files_of(dirty / "police.transfer"):
        take_in(desk, path, sources()["police.transfer"])
    prices = {}
    for event in publisher.held:
        data = json.loads(event.value)["data"]
        if data["status"] == "registered":
            prices[data["vin"], data["transferred_on"], data["serial_no"]] = data["price_yuan"]
    true = {tuple(line["key"]): line["amount_yuan"] for line in truth(dirty) if line["source"] == "police.transfer"}
    assert len(prices) > 50
    assert {key: float(price) for key, price in prices.items()} == {key: float(true[key]) for key in prices}


def test_what_was_refused_or_voided_comes_again_unless_it_is_lost(tmp_path: Path) -> None:
    """In the end every document stands as it truly is, but for those that the answer key calls lost."""
    chosen = options(tmp_path)
    simulate(chosen, [losses(chosen)])
    publisher = FakePublisher()
    desk = intake(publisher)
    for source in sources().values():
        if source.surface == "file":
            for path in files_of(tmp_path / source.id):
                take_in(desk, path, source)
    newest: dict[bytes, tuple[int, str]] = {}
    for event in publisher.held:
        sent = json.loads(event.value)
        found = (event.event_id.revision, sent["data"]["status"])
        newest[event.event_id.document] = max(newest.get(event.event_id.document, found), found)
    lines = [line for line in truth(tmp_path) if line["source"] not in _http()]
    lost = [line for line in lines if NEVER in line["faults"]]
    assert 0 < len(lost) < len(lines) / 100
    assert len(newest) == len(lines) - len(lost)
    assert "voided" not in {status for _, status in newest.values()}


def test_one_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        simulate(options(tmp_path / name, 0.01, date(2024, 4, 30)))
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_without_dirt_there_is_no_key_and_no_kind_of_it(tmp_path: Path) -> None:
    simulate(Options(5, date(2024, 4, 1), date(2024, 4, 30), 0.01, tmp_path))
    assert not (tmp_path / "answers.jsonl").exists()
    assert {path.suffix for path in tmp_path.rglob("2*")} == {".csv", ".jsonl"}


def _http() -> set[str]:
    return {source.id for source in sources().values() if source.surface == "http"}
