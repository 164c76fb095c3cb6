"""Files as departments hand them in: encodings, headers, cells, and row numbers as a spreadsheet shows them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huanxin.errors import FileRefusedError, RejectedError, UnavailableError
from ingest.fakes import FakePublisher
from ingest.files.csv_table import encoding_of
from ingest.files.opening import opened
from ingest.files.report import Report
from ingest.files.rows import Event, read_rows
from ingest.files.take_in import CHUNK_ROWS, files_of, take_in
from ingest.sources import Source, sources
from schemas.catalogue import example
from schemas.envelope import Envelope
from tests.ingest.samples import document, intake, ticket

OFFICE = sources()["office.indicator"]
HEADERS = {target: header for header, target in OFFICE.columns.items()}
Write = Callable[..., Path]
Row = tuple[int, Event]


def row(**cells: str) -> dict[str, str]:
    """The indicator example as a row of the office's file, with some cells replaced (field → text)."""
    envelope = example("indicator.reported")
    values = {"@time": envelope["time"], "@reportedat": envelope["reportedat"], "@revision": "1", **envelope["data"]}
    values["cumulative"] = "是" if values["cumulative"] else "否"
    return {HEADERS[name]: str(value) for name, value in (values | cells).items()}


def text(*rows: dict[str, str]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes one file and returns its path."""

    def to_file(content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return to_file


def read(path: Path, source: Source = OFFICE) -> list[Row]:
    """All rows."""
    found: list[Row] = []
    for part in opened(path, source.file.encoding):
        assert not isinstance(part, FileRefusedError)
        found += [(row.number, row.event) for row in read_rows(part, source).rows]
    return found


def data(found: Row) -> dict[str, Any]:
    """The data of a row that must be an event."""
    assert isinstance(found[1], Envelope)
    return found[1].data


def why(found: Row) -> RejectedError:
    """Why a row, which must be none, is no event."""
    assert isinstance(found[1], RejectedError)
    return found[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(write: Write, encoding: str) -> None:
    (found,) = read(write(text(row(source_note="县发改局统计口径，含镕、㐂")), encoding=encoding))
    assert data(found)["source_note"] == "县发改局统计口径，含镕、㐂"


def test_the_encoding_is_found_across_read_blocks(write: Write) -> None:
    assert encoding_of(write("a" * ((1 << 20) - 1) + "换新")) == "utf-8-sig"
    assert encoding_of(write("a" * (1 << 20) + "换新", encoding="gb18030")) == "gb18030"


@pytest.mark.parametrize("content", [text(row()).encode("utf-16"), "换".encode()[:1]])
def test_another_encoding_says_what_to_do(write: Write, content: bytes) -> None:
    with pytest.raises(FileRefusedError, match="UTF-8"):
        read(write(content))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("", "empty"),
        ("1,2\n3,4\n", "none"),
        ("数值,颜色\n1,红\n", "颜色"),
        ("数值,期间,数值\n1,2023,1\n", "数值.*twice"),
        ('"数值\n1\n', "none"),
    ],
)
def test_a_wrong_header_refuses_the_file(write: Write, content: str, match: str) -> None:
    with pytest.raises(FileRefusedError, match=match):
        read(write(content))


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"PK\x03\x04 and no more", "damaged"), (b"\xd0\xcf\x11\xe0 and no more", "damaged"), (b" <html><table>", "not_a_table")],
)
def test_what_only_looks_like_a_table_is_refused(write: Write, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read(write(content, "book.xlsx"))
    assert caught.value.reason == reason


def test_columns_may_stand_in_any_order_and_spaces_do_not_count(write: Write) -> None:
    cells = dict(reversed(row().items()))
    padded = {f" {header} ": f" {cell} " for header, cell in cells.items()}
    assert data(read(write(text(padded)))[0]) == data(read(write(text(row())))[0])


@pytest.mark.parametrize(("cell", "value"), [("是", True), ("否", False), ("true", "true"), ("也许", "也许")])
def test_yes_and_no(write: Write, cell: str, value: object) -> None:
    assert data(read(write(text(row(cumulative=cell))))[0])["cumulative"] == value


def test_yes_is_text_in_a_field_that_is_no_yes_or_no(write: Write) -> None:
    assert data(read(write(text(row(source_note="是"))))[0])["source_note"] == "是"


def test_an_empty_cell_is_an_absent_field(write: Write) -> None:
    found = read(write(text(row(approver="", source_note=" ", **{"@reportedat": ""}))))[0]
    assert not {"approver", "source_note"} & set(data(found))
    assert isinstance(found[1], Envelope)
    assert found[1].reportedat is None


def test_the_envelope_is_read_from_its_columns(write: Write) -> None:
    (number, event), *_ = read(write(text(row(**{"@revision": "3", "status": "corrected"}))))
    assert number == 2
    assert isinstance(event, Envelope)
    assert (event.source, event.type, event.revision) == (OFFICE.id, "indicator.reported", 3)
    assert event.data["status"] == "corrected"


@pytest.mark.parametrize(("target", "cell"), [("@time", "昨天"), ("@time", ""), ("@revision", "0"), ("@revision", "一")])
def test_a_wrong_envelope_names_its_attribute(write: Write, target: str, cell: str) -> None:
    error = why(read(write(text(row(**{target: cell}))))[0])
    assert (error.stage, error.field) == ("envelope", target[1:])


def test_short_and_long_rows_are_refused_and_counted_on(write: Write) -> None:
    content = text(row(), row(), row()).splitlines()
    content[2] = "2023,短"
    content.append(content[1] + ",多")
    found = read(write("\r\n".join(content)))
    assert [number for number, _ in found] == [2, 3, 4, 5]
    assert [isinstance(event, Envelope) for _, event in found] == [True, False, True, False]
    assert {why(found[1]).reason, why(found[3]).reason} == {"columns"}


def test_rows_are_numbered_as_a_spreadsheet_shows_them(write: Write) -> None:
    """Empty rows count, a cell with a line break is one row, and a row of commas is an empty one."""
    lines = text(row(), row(source_note="两\n行"), row()).replace("\r\n", "\n")
    first, rest = lines.split("\n", 2)[:2], lines.split("\n", 2)[2]
    content = "\n".join([*first, "", "," * (len(OFFICE.columns) - 1), " , ", rest])
    assert [number for number, event in read(write(content)) if isinstance(event, Envelope)] == [2, 6, 7]
    assert [number for number, event in read(write(content)) if not isinstance(event, Envelope)] == []


def test_a_quotation_mark_that_is_not_closed_is_told_and_loses_nothing_silently(write: Write) -> None:
    content = text(row(), row(), row()).split("\r\n")
    content[2] = '"' + content[2]
    found = read(write("\r\n".join(content)))
    assert [number for number, _ in found] == [2, 3]
    assert why(found[1]).reason == "quotes"
    assert "nothing from here on" in why(found[1]).message


def test_a_cell_without_end_is_told_too(write: Write) -> None:
    found = read(write(text(row(), row(source_note="长" * 200_000))))
    assert [(number, isinstance(event, Envelope)) for number, event in found] == [(2, True), (3, False)]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("broken", ["{", "[" * 5_000, "[" * 5_000 + "]" * 5_000])
def test_json_lines(write: Write, mark: bytes, broken: str) -> None:
    lines = [json.dumps(ticket(1)), "", broken, json.dumps(ticket(2))]
    found = read(write(mark + "\n".join(lines).encode(), "tickets.jsonl"))
    assert [number for number, _ in found] == [1, 3, 4]
    assert why(found[1]).reason == "json_invalid"
    assert [data(found[n])["ticket_no"] for n in (0, 2)] == ["000001", "000002"]


def report_of(path: Path, publisher: FakePublisher, source: Source = OFFICE) -> Report:
    """Take in one file."""
    return take_in(intake(publisher), path, source)


def test_a_file_is_reported_row_by_row(write: Write) -> None:
    good, wrong = row(), row(value="多", period="2022")
    publisher = FakePublisher()
    report = report_of(write(text(good, wrong, good)), publisher)
    assert (report.files, report.accepted, report.duplicate) == (1, 1, 1)
    (rejection,) = report.rejections
    assert (rejection.file, rejection.row, rejection.field) == ("file.csv", 3, "data.value")
    assert "多" not in report.as_text()
    assert len(publisher.held) == 1
    assert report.as_dict()["rejected"] == 1


def test_chunks_keep_their_row_numbers(write: Write) -> None:
    lines = [json.dumps(ticket(n)) for n in range(CHUNK_ROWS)]
    path = write("\n".join([*lines, "{"]), "tickets.jsonl")
    advanced: list[tuple[int, float]] = []
    source = sources()["recycler.weighbridge"]
    report = take_in(intake(FakePublisher()), path, source, advance=lambda *step: advanced.append(step))
    assert [rows for rows, _ in advanced] == [CHUNK_ROWS, 1]
    assert 0 < advanced[0][1] <= advanced[1][1] == 1
    assert (report.accepted, [rejection.row for rejection in report.rejections]) == (CHUNK_ROWS, [CHUNK_ROWS + 1])


def test_json_lines_of_another_source_are_refused(write: Write) -> None:
    path = write(json.dumps(document()), "tickets.jsonl")
    (rejection,) = report_of(path, FakePublisher(), sources()["coop.weighbridge"]).rejections
    assert rejection.reason == "foreign_source"


def test_a_file_that_kafka_does_not_take_is_no_success(write: Write) -> None:
    publisher = FakePublisher()
    publisher.available = False
    with pytest.raises(UnavailableError):
        report_of(write(text(row())), publisher)


def test_a_folder_gives_its_files_by_name(write: Write, tmp_path: Path) -> None:
    for name in ("b.csv", "a.JSONL", "c.txt", "d.ndjson"):
        write("x", name)
    assert [path.name for path in files_of(tmp_path)] == ["a.JSONL", "b.csv", "d.ndjson"]
    assert [path.name for path in files_of(tmp_path / "c.txt")] == ["c.txt"]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_tabs_and_semicolons_serve_as_commas(write: Write, separator: str) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row()), delimiter=separator)
    writer.writeheader()
    writer.writerow(row())
    assert data(read(write(out.getvalue()))[0]) == data(read(write(text(row())))[0])


def test_totals_notes_and_repeated_headers_are_passed_over(write: Write) -> None:
    lines = text(row(), row(period="2022")).split("\r\n")
    width = len(OFFICE.columns)
    no_data = [
        "合计" + ",1" * (width - 1),
        "本页 小计：" + "," * (width - 1),
        lines[0],
        "制表人：张三,审核人：李四" + "," * (width - 2),
    ]
    no_data[0] = "合计" + "," * (width - 1)
    report = report_of(write("\r\n".join([*lines[:2], *no_data, lines[2]])), FakePublisher())
    assert (report.accepted, report.passed_over, report.rejected.total()) == (2, 4, 0)


def test_a_row_with_its_whole_key_is_data_whatever_it_begins_with(write: Write) -> None:
    cells = {HEADERS["source_note"]: "合计"} | row(source_note="合计")
    found = read(write(text(cells)))
    assert isinstance(found[0][1], Envelope)


def test_without_a_column_for_the_moment_a_row_happened_on_its_day(write: Write) -> None:
    cells = {header: cell for header, cell in row(period="2024-05").items() if header != HEADERS["@time"]}
    ((_, event),) = read(write(text(cells)))
    assert isinstance(event, Envelope)
    assert event.time.isoformat() == "2024-05-01T00:00:00+08:00"


def test_a_folder_of_nothing_but_refused_files_is_not_clean(write: Write) -> None:
    report = report_of(write("颜色\n红\n"), FakePublisher())
    assert not report.clean
    assert [error.reason for error in report.refused] == ["header_missing"]
