"""Makes the files that the readers are tested on."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlwt
from openpyxl import Workbook

Rows = Iterable[Sequence[Any]]


def xlsx(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = (), hidden_sheets: Sequence[str] = ()) -> Path:
    """A workbook with these sheets; `hidden` are the letters of hidden columns in all of them."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for letter in hidden:
            sheet.column_dimensions[letter].hidden = True
        sheet.sheet_state = "hidden" if name in hidden_sheets else "visible"
    book.save(path)
    return path


def xls(path: Path, rows: Rows, hidden: Sequence[int] = (), date_columns: Sequence[int] = ()) -> Path:
    """An old workbook of one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                sheet.write(at, place, value, *([day] if at and place in date_columns else []))
    for place in hidden:
        sheet.col(place).hidden = True
    book.save(str(path))
    return path


def zipped(path: Path, members: dict[str, bytes], gbk: bool = False) -> Path:
    """A ZIP; `gbk` writes names as Chinese Windows does."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(_Gbk(name) if gbk else ZipInfo(name), content, ZIP_DEFLATED)
    return path


class _Gbk(ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  zipfile's own name
        return self.filename.encode("gb18030"), self.flag_bits
