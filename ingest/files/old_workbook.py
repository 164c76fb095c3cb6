"""XLS, Excel's format until 2003: at most 65,536 rows, read as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError
from xlrd.xldate import xldate_as_datetime

from huanxin.errors import FileRefusedError
from ingest.files.part import Cells, Part

_DATE, _BOOLEAN, _ERROR = xlrd.XL_CELL_DATE, xlrd.XL_CELL_BOOLEAN, xlrd.XL_CELL_ERROR
_EMPTY = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


@contextmanager
def open_old_workbook(path: Path, name: str) -> Iterator[list[Part]]:
    """The visible sheets as parts. Raises FileRefusedError where it is no such workbook, or protected by a password."""
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, on_demand=True, logfile=_Silent())
    except (xlrd.XLRDError, CompDocError, AssertionError, IndexError, KeyError, ValueError) as error:
        detail = "it has a password" if "ncrypt" in str(error) else f"it cannot be opened ({type(error).__name__})"
        raise FileRefusedError("damaged", name, "", f"{detail}: save it anew as .xlsx without a password") from error
    with book:
        if book.datemode == 1:
            raise FileRefusedError(
                "epoch_1904", name, "", "it counts days from 1904: switch that off in Excel's options, save anew"
            )
        places = [place for place in range(book.nsheets) if book.sheet_by_index(place).visibility == 0]
        titles = book.sheet_names()
        yield [_part(book, place, f"{name}[{titles[place]}]" if len(places) > 1 else name) for place in places]


def _part(book: Any, place: int, name: str) -> Part:
    sheet = book.sheet_by_index(place)
    hidden = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0)
    at = 0

    def lines() -> Iterator[Cells]:
        nonlocal at
        for at in range(sheet.nrows):
            yield [_value(cell, book) for cell in sheet.row(at)]

    return Part(name, "workbook", lines(), hidden, lambda: at / max(sheet.nrows, 1))


def _value(cell: Any, book: Any) -> object:
    if cell.ctype in _EMPTY or cell.value == "":
        return None
    if cell.ctype == _DATE and cell.value >= 1:
        return xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == _BOOLEAN:
        return bool(cell.value)
    return "#" + xlrd.error_text_from_code.get(cell.value, "?").strip("#") if cell.ctype == _ERROR else cell.value


class _Silent:
    """Takes xlrd's remarks on odd files, which it would print."""

    def write(self, text: str) -> None:
        """Drop it."""
