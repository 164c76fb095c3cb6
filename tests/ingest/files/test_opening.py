"""Workbooks, old workbooks, JSON and ZIPs: the same rows give the same events, and nothing hidden or hostile comes in."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from huanxin.errors import FileRefusedError
from ingest.fakes import FakePublisher
from ingest.files import opening
from ingest.files.opening import opened
from ingest.files.rows import read_rows
from ingest.files.take_in import take_in
from ingest.sources import Source, sources
from schemas.catalogue import example
from schemas.envelope import Envelope
from tests.ingest.files.books import xls, xlsx, zipped
from tests.ingest.samples import document, intake, ticket

CAR = sources()["police.deregistration"]
DATA = example("scrappage.deregistered")["data"]
FIELDS = [field for field in CAR.columns.values() if field in DATA]
HEAD = [next(header for header, field in CAR.columns.items() if field == name) for name in FIELDS]
DAYS = ("cancelled_on", "first_registered_on", "compulsory_scrap_on")


def cells(**changed: Any) -> list[Any]:
    """The example as a row, in the order of HEAD."""
    values = DATA | changed
    return [values[name] for name in FIELDS]


def typed(**changed: Any) -> list[Any]:
    """The same as a workbook types it: dates as dates, numbers as numbers."""
    return [
        datetime.fromisoformat(value)
        if name in DAYS and isinstance(value, str)
        else float(value)
        if name.endswith("_kg")
        else value
        for name, value in zip(FIELDS, cells(**changed), strict=True)
    ]


def events(path: Path, source: Source = CAR) -> list[Any]:
    """Every row's data, or its rejection."""
    found: list[Any] = []
    for part in opened(path, source.file.encoding):
        assert not isinstance(part, FileRefusedError), part
        found += [row.event.data if isinstance(row.event, Envelope) else row.event for row in read_rows(part, source).rows]
    return found


def csv_of(*rows: list[Any]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in (HEAD, *rows)).encode()


@pytest.fixture
def wanted(tmp_path: Path) -> dict[str, Any]:
    """What the example's row is, read from a CSV."""
    path = tmp_path / "plain.csv"
    path.write_bytes(csv_of(cells()))
    (found,) = events(path)
    assert isinstance(found, dict)
    return found


def test_xlsx(tmp_path: Path, wanted: dict[str, Any]) -> None:
    title = [["阳城县机动车注销登记表"], [], HEAD, typed(), ["合计", 1]]
    found = events(xlsx(tmp_path / "b.xlsx", {"五月": title}))
    assert found == [wanted, None]


def test_xls(tmp_path: Path, wanted: dict[str, Any]) -> None:
    days = [place for place, name in enumerate(FIELDS) if name in DAYS]
    assert events(xls(tmp_path / "a.xls", [HEAD, typed()], date_columns=days)) == [wanted]
    assert events(xls(tmp_path / "serial.xls", [HEAD, typed()])) == [wanted]


def test_two_rows_of_header_with_merged_groups(tmp_path: Path, wanted: dict[str, Any]) -> None:
    at = FIELDS.index("owner")
    assert FIELDS[at + 1] == "owner_id"
    upper: list[Any] = ["车辆信息", *[None] * (at - 1), "所有人", None, *HEAD[at + 2 :]]
    lower: list[Any] = [*HEAD[:at], None, "证件号", *[None] * (len(HEAD) - at - 2)]
    assert events(xlsx(tmp_path / "a.xlsx", {"表": [["表一"], upper, lower, typed()]})) == [wanted]


def test_a_hidden_column_counts_only_where_no_visible_one_has_its_name(tmp_path: Path, wanted: dict[str, Any]) -> None:
    beside = [["辅助列", HEAD[0], *HEAD], [1, "旧", *typed()]]
    assert events(xlsx(tmp_path / "a.xlsx", {"表": beside}, hidden=["A", "B"])) == [wanted]
    assert events(xls(tmp_path / "a.xls", beside, hidden=[0, 1])) == [wanted]
    assert events(xlsx(tmp_path / "b.xlsx", {"表": [HEAD, typed()]}, hidden=["A"])) == [wanted]
    with pytest.raises(FileRefusedError, match="辅助列"):
        events(xlsx(tmp_path / "c.xlsx", {"表": [["辅助列", *HEAD], [1, *typed()]]}))


def test_every_visible_sheet_is_read_and_a_sheet_of_explanations_is_named(tmp_path: Path) -> None:
    sheets = {
        "一": [HEAD, typed()],
        "二": [HEAD, typed(engine_no="E2")],
        "说明": [["按月报送"]],
        "底稿": [HEAD, typed(engine_no="E3")],
    }
    report = take_in(intake(FakePublisher()), xlsx(tmp_path / "a.xlsx", sheets, hidden_sheets=["底稿"]), CAR)
    assert (report.accepted, report.refused) == (2, [])
    assert "说明" in report.notes[0]


def test_a_number_that_a_workbook_took_for_a_number_is_quarantined(tmp_path: Path) -> None:
    (found,) = events(xlsx(tmp_path / "a.xlsx", {"表": [HEAD, typed(owner_id=float(DATA["owner_id"].replace("X", "0")))]}))
    assert (found.reason, found.field) == ("digits_lost", "data.owner_id")


def test_units_follow_the_header_and_mistakes_of_unit_are_quarantined(tmp_path: Path, wanted: dict[str, Any]) -> None:
    at = FIELDS.index("kerb_kg")
    head = [*HEAD[:at], "整备质量（t）", *HEAD[at + 1 :]]
    tonnes = float(DATA["kerb_kg"]) / 1000
    (right,) = events(xlsx(tmp_path / "a.xlsx", {"表": [head, typed(kerb_kg=tonnes)]}))
    assert float(right["kerb_kg"]) == float(wanted["kerb_kg"])
    (wrong,) = events(xlsx(tmp_path / "b.xlsx", {"表": [HEAD, typed(kerb_kg=tonnes)]}))
    (also,) = events(xlsx(tmp_path / "c.xlsx", {"表": [head, typed(kerb_kg=tonnes * 1000)]}))
    assert [(error.reason, error.field) for error in (wrong, also)] == [("unit_suspect", "data.kerb_kg")] * 2


def test_json_rows_and_arrays(tmp_path: Path, wanted: dict[str, Any]) -> None:
    named, plain = dict(zip(HEAD, cells(), strict=True)), dict(zip(FIELDS, cells(), strict=True))
    for content in (json.dumps([named, plain]), json.dumps(named) + "\n" + json.dumps(plain)):
        path = tmp_path / "a.json"
        path.write_text(content, encoding="utf-8")
        assert events(path) == [wanted, wanted]
    path.write_bytes(json.dumps([named], ensure_ascii=False).encode("gb18030"))
    assert events(path) == [wanted]


def test_json_arrays_of_envelopes_and_a_broken_end(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([ticket(1), ticket(2)])[:-40], encoding="utf-8")
    found = events(path, sources()["recycler.weighbridge"])
    assert found[0]["ticket_no"] == "000001"
    assert found[-1].reason == "json_invalid"
    assert len(found) == 2
    path.write_text(json.dumps([document(), 7, {"颜色": "红"}]), encoding="utf-8")
    assert [getattr(event, "reason", "") for event in events(path)] == ["", "model_type", "columns"]


@pytest.mark.parametrize("gbk", [True, False])
def test_a_zip_of_files_with_chinese_names(tmp_path: Path, gbk: bool) -> None:
    book = xlsx(tmp_path / "book.xlsx", {"表": [HEAD, typed(engine_no="E2")]}).read_bytes()
    rubbish = {"__MACOSX/._五月.csv": b"x", "空文件夹/": b""}
    path = zipped(
        tmp_path / "五月.zip", {"报送/五月䶮.csv": csv_of(cells()), "六月.xlsx": book, "坏.csv": b"x,y\n"} | rubbish, gbk
    )
    report = take_in(intake(FakePublisher()), path, CAR)
    assert report.accepted == 2
    assert [(error.name, error.reason) for error in report.refused] == [("五月.zip/坏.csv", "header_missing")]


def test_bombs_and_other_hostile_zips_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reason(path: Path) -> str:
        (error,) = take_in(intake(FakePublisher()), path, CAR).refused
        return error.reason

    assert reason(zipped(tmp_path / "bomb.zip", {"a.csv": b"0" * (4 << 20)})) == "too_large"
    assert reason(zipped(tmp_path / "nested.zip", {"a.zip": b""})) == "nested"
    assert reason(zipped(tmp_path / "none.zip", {"__MACOSX/x": b""})) in ("empty", "damaged")
    monkeypatch.setattr(opening, "MAX_MEMBERS", 1)
    assert reason(zipped(tmp_path / "many.zip", {"a.csv": b"x", "b.csv": b"x"})) == "too_large"
    damaged = zipped(tmp_path / "damaged.zip", {"a.csv": csv_of(cells()) * 50})
    content = bytearray(damaged.read_bytes())
    content[60:90] = bytes(30)
    damaged.write_bytes(content)
    assert reason(damaged) == "damaged"


def test_a_workbook_cut_short_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [HEAD, typed()]})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileRefusedError) as caught:
        events(path)
    assert caught.value.reason == "damaged"
