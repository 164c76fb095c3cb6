"""What goes back to a sender: the rejected rows as sent, their reasons in Chinese, a receipt; once corrected they are taken."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from huanxin.errors import FileRefusedError
from ingest.accept import Result
from ingest.fakes import FakePublisher
from ingest.files.reasons import REASONS, file_reason, reasons, row_reason
from ingest.files.receipt import receipt_text
from ingest.files.report import KEPT, Report
from ingest.files.result import ResultFile
from ingest.files.shape import RESULT_COLUMNS
from ingest.files.take_in import take_in
from ingest.sources import sources
from schemas.event import CHINA
from tests.ingest.files.books import xlsx, zipped
from tests.ingest.files.test_opening import CAR, FIELDS, HEAD, cells, csv_of, typed
from tests.ingest.samples import intake

AT = datetime(2024, 6, 1, 9, tzinfo=CHINA)
CODE = Path(__file__).parents[3] / "ingest"


def test_a_csv_comes_back_as_a_csv_that_excel_opens_and_that_can_be_sent_again(tmp_path: Path) -> None:
    publisher, path, results = FakePublisher(), tmp_path / "五月.csv", tmp_path / "results"
    wrong = cells(owner_id="1.4059919E+17", engine_no="E2")
    path.write_bytes(csv_of(cells(), wrong).decode().encode("gb18030"))
    report = take_in(intake(publisher), path, CAR, results)
    assert (report.accepted, dict(report.rejected)) == (1, {"digits_lost": 1})
    (back,) = results.iterdir()
    assert back.name == "五月.csv.退回.csv"
    assert back.read_bytes().startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(back.read_text(encoding="utf-8-sig")))
    assert head == [*HEAD, *RESULT_COLUMNS]
    assert row[:-2] == [str(cell) for cell in wrong]
    assert row[-2] == "3"
    assert "长数字" in row[-1]
    assert row[-1].startswith("所有人证件号：")
    back.write_text(back.read_text(encoding="utf-8-sig").replace("1.4059919E+17", "140599195603080015"), encoding="utf-8-sig")
    again = take_in(intake(publisher), back, CAR, results)
    assert (again.accepted, again.clean) == (1, True)


def test_a_workbook_comes_back_with_its_types(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "五月.xlsx", {"表": [["表一"], HEAD, typed(), typed(kerb_kg=1.06, model="x")]})
    take_in(intake(FakePublisher()), path, CAR, tmp_path / "results")
    rows = [*load_workbook(tmp_path / "results" / "五月.xlsx.退回.xlsx").active.values]  # type: ignore[union-attr]
    assert rows[0] == (*HEAD, *RESULT_COLUMNS)
    assert rows[1][FIELDS.index("kerb_kg")] == 1.06
    assert isinstance(rows[1][FIELDS.index("cancelled_on")], datetime)
    assert rows[1][-2] == 4
    assert "公斤/吨" in str(rows[1][-1])


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    result = ResultFile(tmp_path, "a.xlsx", "workbook", ["甲"], set())
    result.add(2, ['=HYPERLINK("x")'], "错")
    path = result.finish()
    assert path
    assert load_workbook(path).active["A2"].data_type == "s"  # type: ignore[index]


def test_nothing_rejected_leaves_no_result_file_and_takes_an_old_one_away(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of(cells(kerb_kg="多")))
    take_in(intake(FakePublisher()), path, CAR, tmp_path / "results")
    assert len([*(tmp_path / "results").iterdir()]) == 1
    path.write_bytes(csv_of(cells()))
    take_in(intake(FakePublisher()), path, CAR, tmp_path / "results")
    assert [*(tmp_path / "results").iterdir()] == []


def test_members_whose_names_would_meet_have_result_files_of_their_own(tmp_path: Path) -> None:
    wrong = csv_of(cells(kerb_kg="多"))
    path = zipped(tmp_path / "a.zip", {"甲/乙.csv": wrong, "甲_乙.csv": wrong, f"{'长' * 80}.csv": wrong})
    take_in(intake(FakePublisher()), path, CAR, tmp_path / "results")
    names = sorted(each.name for each in (tmp_path / "results").iterdir())
    assert names[:2] == ["2-a.zip_甲_乙.csv.退回.csv", "a.zip_甲_乙.csv.退回.csv"]
    assert names[2].startswith("a.zip_长长")
    assert names[2].endswith("长.csv.退回.csv")
    assert len(names[2].encode()) <= 200


def test_a_json_line_comes_back_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{\n", encoding="utf-8")
    take_in(intake(FakePublisher()), path, sources()["recycler.weighbridge"], tmp_path)
    assert "不是有效的 JSON" in (tmp_path / "a.jsonl.退回.jsonl").read_text(encoding="utf-8")


def test_the_same_rows_renamed_and_in_another_order_are_duplicates_and_it_says_so(tmp_path: Path) -> None:
    desk = intake(FakePublisher())
    first, second = tmp_path / "五月.csv", tmp_path / "五月 重报.xlsx"
    first.write_bytes(csv_of(cells(), cells(engine_no="E2", vin="L0Y6222908A000099")))
    xlsx(second, {"表": [HEAD, typed(engine_no="E2", vin="L0Y6222908A000099"), typed()]})
    assert take_in(desk, first, CAR).accepted == 2
    report = take_in(desk, second, CAR)
    assert (report.accepted, report.duplicate) == (0, 2)
    text = receipt_text(second.name, CAR, report, AT, (first.name, AT))
    assert "没有带来任何变化" in text
    assert f"报送的“{first.name}”完全相同" in text
    assert "nothing changes" in report.as_text()


def test_the_receipt_counts_by_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of(cells(), cells(vin="LOY6222908A000088"), cells(kerb_kg="多"), ["合计", *[""] * (len(HEAD) - 1)]))
    report = take_in(intake(FakePublisher()), path, CAR)
    text = receipt_text(path.name, CAR, report, AT, None)
    for line in ("收下：1 行", "退回：2 行", "1 行  车辆识别代号中没有字母 I、O、Q", "1 行  应为数字", "跳过：1 行"):
        assert line in text


def test_a_check_digit_that_may_lawfully_fail_is_a_reminder_and_no_rejection(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of(cells(), cells(vin="L0Y6222900A000088")))
    report = take_in(intake(FakePublisher()), path, CAR)
    assert (report.accepted, report.clean, dict(report.doubted)) == (2, True, {"vin_check_digit": 1})
    assert "提醒：1 行  车辆识别代号的校验位不符" in receipt_text(path.name, CAR, report, AT, None)
    assert "（原行号 3）" in receipt_text(path.name, CAR, report, AT, None)


def test_control_totals_are_by_day_and_outcome() -> None:
    report = Report()
    for day, status, yuan in (
        ("20240502", "accepted", "0.10"),
        ("20240502", "accepted", "0.20"),
        ("20240503", "duplicate", "7"),
    ):
        report.add("a.csv", 2, Result(status, f"{day}-{'0' * 32}-1"), Decimal(yuan))  # type: ignore[arg-type]
    report.add("a.csv", 5, Result("rejected", None, "missing", "data.vin", "Field required"), Decimal(9))
    total = Report()
    total.include(report)
    total.include(report)
    days = {(date(2024, 5, 2), "accepted"): (2, Decimal("0.30")), (date(2024, 5, 3), "duplicate"): (1, Decimal(7))}
    assert report.totals == days
    assert total.totals == {key: (2 * rows, 2 * yuan) for key, (rows, yuan) in days.items()}
    text = receipt_text("a.csv", CAR, report, AT, None)
    assert "收下：2 行，合计 0.30 元" in text
    assert "重复：1 行，合计 7.00 元（以前" in text
    assert (report.as_dict()["accepted_yuan"], report.as_dict()["duplicate_yuan"]) == ("0.30", "7")


def test_a_report_keeps_no_more_than_it_prints() -> None:
    report = Report()
    for row in range(KEPT + 10):
        report.add("a.csv", row, Result("rejected", None, "missing", "data.vin", "Field required"))
    total = Report()
    total.include(report)
    total.include(report)
    assert len(total.rejections) == KEPT
    assert total.as_dict()["rejected"] == 2 * (KEPT + 10)
    assert total.as_dict()["rejected_by_reason"] == {"missing": 2 * (KEPT + 10)}


def codes() -> set[str]:
    """Every reason that the files' code gives, and that the event models name themselves."""
    found: set[str] = set()
    for path in [*(CODE / "files").glob("*.py"), CODE / "accept.py", CODE / "prepare.py"]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'RejectedError\(\s*"\w+", "(\w+)"', text))
        found |= set(re.findall(r'(?:Quarantined|BrokenOffError)\(\s*"(\w+)"', text))
    models = [*(CODE.parent / "schemas" / "events").glob("*.py"), CODE.parent / "schemas" / "fields.py"]
    for path in models:
        found |= set(re.findall(r'PydanticCustomError\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    return found


def test_every_reason_has_its_words() -> None:
    assert codes() - set(reasons()["rows"]) == set()
    assert set(re.findall(r'checks.append\(\("(\w+)"', (CODE / "files" / "doubts.py").read_text())) == set(reasons()["doubts"])
    files = "".join(path.read_text(encoding="utf-8") for path in (CODE / "files").glob("*.py"))
    assert set(re.findall(r'FileRefusedError\(\s*"(\w+)"', files)) == set(reasons()["files"])


def test_reasons_stand_there_once() -> None:
    keys = re.findall(r"^  (\w+):", REASONS.read_text(encoding="utf-8"), re.MULTILINE)
    loaded: dict[str, Any] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    assert len(keys) == sum(map(len, loaded.values()))


@pytest.mark.parametrize(
    ("reason", "field", "text"),
    [
        ("string_pattern_mismatch", "data.vin", "车辆识别代号：应为 17 位车辆识别代号"),
        ("string_pattern_mismatch", "data.engine_no", "发动机号：格式不对"),
        ("timezone_aware", "time", "发生时间：时间应带时区，例如 +08:00"),
        ("never_heard_of", "data.vin", "车辆识别代号：不符合要求（never_heard_of）"),
        ("missing", "data.unknown", "unknown：必填项为空"),
    ],
)
def test_a_reason_names_its_column(reason: str, field: str, text: str) -> None:
    assert row_reason(reason, field, CAR) == text


def test_a_refused_file_says_what_to_do() -> None:
    assert file_reason(FileRefusedError("header_unknown", "a.csv", "颜色", "…")) == "表头中有未登记的列：颜色"
