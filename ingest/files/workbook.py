"""XLSX: every visible sheet, read in bounded memory, with the places of its hidden columns."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.utils.exceptions import InvalidFileException

from huanxin.errors import FileRefusedError
from ingest.files.part import BrokenOffError, Cells, Part

MAX_COLUMNS = 256
MAX_EXPANDED_BYTES = 2 << 30
"""What the XML of one workbook may come to: a million rows of thirty columns do."""
MAX_STRING_BYTES = 128 << 20
"""What its table of texts may come to, which is held in memory: some two million of them."""

_SPOILT = (BadZipFile, zlib.error, ParseError, EOFError, KeyError, ValueError, IndexError)
_BROKEN = "the workbook is damaged from here on: nothing more was read"


@contextmanager
def open_workbook(path: Path, name: str) -> Iterator[list[Part]]:
    """The visible sheets as parts. Raises FileRefusedError where it is no workbook, or one that would not fit."""
    try:
        with ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
        expanded = sum(sizes.values())
        if expanded > MAX_EXPANDED_BYTES or sizes.get("xl/sharedStrings.xml", 0) > MAX_STRING_BYTES:
            raise FileRefusedError(
                "too_large", name, "", f"it expands to {expanded >> 20} MiB: send it in several files, or as CSV"
            )
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (*_SPOILT, InvalidFileException) as error:
        raise FileRefusedError(
            "damaged", name, "", f"the workbook cannot be opened ({type(error).__name__}): save it anew"
        ) from error
    try:
        if book.epoch == MAC_EPOCH:
            raise FileRefusedError(
                "epoch_1904", name, "", "it counts days from 1904: switch that off in Excel's options, save anew"
            )
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield [_part(sheet, f"{name}[{sheet.title}]" if len(sheets) > 1 else name) for sheet in sheets]
    finally:
        book.close()


def _part(sheet: Any, name: str) -> Part:
    last = max(sheet.max_row or 1, 1)
    hidden = hidden_columns(sheet)
    sheet.reset_dimensions()  # tools write wrong ones, and rows beyond would be lost
    at = 0

    def lines() -> Iterator[Cells]:
        nonlocal at
        try:
            for at, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):  # noqa: B007
                yield _without_tail(row)
        except _SPOILT:
            raise BrokenOffError("damaged", _BROKEN) from None

    return Part(name, "workbook", lines(), hidden, lambda: min(1.0, at / last))


def hidden_columns(sheet: Any) -> frozenset[int]:
    """Places of the columns that are hidden or have no width; openpyxl leaves them out when it reads in bounded memory."""
    found: set[int] = set()
    with sheet._get_source() as source:
        for _, element in iterparse(source, ("end",)):  # noqa: S314  expat itself bounds how entities expand
            tag = element.tag.rpartition("}")[2]
            if tag == "col" and (element.get("hidden") in ("1", "true") or element.get("width") == "0"):
                found |= set(range(int(element.get("min", 1)) - 1, min(int(element.get("max", 1)), MAX_COLUMNS)))
            elif tag in ("cols", "row"):
                break
    return frozenset(found)


def _without_tail(row: tuple[Any, ...]) -> Cells:
    """The row without the empty cells at its end."""
    width = len(row)
    while width and row[width - 1] is None:
        width -= 1
    return list(row[:width])
