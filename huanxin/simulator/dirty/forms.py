"""Writes one table in the form a department sends it: CSV, XLSX, XLS, JSON, or a ZIP with a Chinese name inside."""

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from huanxin.errors import ConfigurationError
from huanxin.simulator.document import SHANGHAI
from huanxin.simulator.render import csv_line

Value = str | int | float | date | datetime | None
_NUMBERS = ("_kg", "_yuan", "_ml", "_km", "pieces", "value", "@revision")
_PERSONS = ("owner_id", "seller_id", "buyer_id", "applicant_id")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def typed(field: str, text: str) -> Value:
    """A cell as a workbook or JSON holds it: dates and numbers as such, a spoilt identity number as the number it became."""
    if not text:
        return None
    if field.endswith("_on"):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        return int(text) if re.fullmatch(r"\d{5}", text) else text
    if field.endswith(("_at", "@time", "@reportedat")):
        return datetime.fromisoformat(text).astimezone(SHANGHAI).replace(tzinfo=None)
    if field.endswith(_NUMBERS) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return float(text) if "." in text else int(text)
    if field in _PERSONS and (text.endswith("000") or "E+" in text):
        return float(text)
    return text


def as_csv(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    """CSV in this encoding; short rows are filled up, as spreadsheets do."""
    width = max(map(len, rows))
    return "".join(csv_line([*row, *[""] * (width - len(row))]) for row in rows).encode(encoding)


def as_json(objects: Sequence[dict[str, Value]]) -> bytes:
    """A JSON array of rows under their headers."""
    text = json.dumps(objects, ensure_ascii=False, indent=0, default=lambda value: value.isoformat())
    return text.encode()


def as_xlsx(rows: Sequence[Sequence[Value]], merged: Sequence[tuple[int, int, int, int]], hidden: Sequence[int]) -> bytes:
    """A workbook of one sheet; `merged` are (row, column, last row, last column) and `hidden` columns, both from 0."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  a new workbook has a sheet
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for first_row, first_column, last_row, last_column in merged:
        sheet.merge_cells(None, first_row + 1, first_column + 1, last_row + 1, last_column + 1)
    for place in hidden:
        sheet.column_dimensions[get_column_letter(place + 1)].hidden = True
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue())


def as_xls(rows: Sequence[Sequence[Value]], merged: Sequence[tuple[int, int, int, int]], hidden: Sequence[int]) -> bytes:
    """The same in the format until 2003."""
    try:
        import xlwt
    except ImportError as error:
        raise ConfigurationError("writing .xls needs xlwt, which requirements/local.txt installs") from error
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1", cell_overwrite_ok=True)
    day, moment = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    plain = xlwt.easyxf()
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None and value != "":
                style = moment if isinstance(value, datetime) else day if isinstance(value, date) else plain
                sheet.write(at, place, value, style)
    for place in hidden:
        sheet.col(place).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_zip(name: str, content: bytes) -> bytes:
    """A ZIP with one member, its name in GBK without saying so, as Chinese Windows packs it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(_GbkName(name, _LONG_AGO), content, ZIP_DEFLATED)
    return out.getvalue()


class _GbkName(ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  zipfile's own name
        return self.filename.encode("gb18030"), self.flag_bits


def _settled(content: bytes) -> bytes:
    """The workbook without the moment of its making: one seed, the same bytes."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(out, "w") as to:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", b"2024-01-01T00:00:00Z", part)
            to.writestr(ZipInfo(name, _LONG_AGO), part, ZIP_DEFLATED)
    return out.getvalue()


Writer = Callable[[Sequence[Sequence[Value]], Sequence[tuple[int, int, int, int]], Sequence[int]], bytes]
BOOKS: dict[str, Writer] = {"xlsx": as_xlsx, "xls": as_xls}
