"""The result file: each rejected row as it was sent, with its number and its reason in Chinese, to correct and send again.

CSV comes back as CSV that Excel opens (UTF-8 with a mark), workbooks as XLSX, JSON as JSON Lines.
"""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from ingest.files.part import Cells, Form
from ingest.files.shape import RESULT_COLUMNS

SUFFIX = {"csv": "csv", "workbook": "xlsx", "json": "jsonl"}

MAX_NAME_BYTES = 200
"""File systems hold 255; a temporary name and a stamp are longer than the name itself."""


class _Writer(Protocol):
    def write(self, number: int, cells: Cells, why: str) -> None: ...
    def close(self) -> None: ...


class ResultFile:
    """Rejected rows of one part; the file appears once it is complete, and only where there are any."""

    def __init__(self, folder: Path, part: str, form: Form, names: Sequence[str], taken: set[Path]) -> None:
        self.path = free_name(folder, f"{part.replace('/', '_')}.退回.{SUFFIX[form]}", taken)
        self._unfinished = self.path.with_name(f".{self.path.name}.part")
        self._form, self._names = form, names
        self._writer: _Writer | None = None

    def add(self, number: int, cells: Cells, why: str) -> None:
        """Write one rejected row."""
        self._writer = self._writer or self._begin()
        self._writer.write(number, cells, why)

    def _begin(self) -> _Writer:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return _WRITERS[self._form](self._unfinished, self._names)

    def finish(self) -> Path | None:
        """The finished file, in the place of an earlier one of that name; None where nothing was rejected."""
        if self._writer is None:
            self.path.unlink(missing_ok=True)
            return None
        self._writer.close()
        return self._unfinished.replace(self.path)

    def give_up(self) -> None:
        """Leave nothing behind."""
        if self._writer is not None:
            self._writer.close()
        self._unfinished.unlink(missing_ok=True)


def free_name(folder: Path, name: str, taken: set[Path]) -> Path:
    """A path for the name, shortened to what file systems hold, that no other part of the same upload has."""
    number, path = 1, folder / shortened(name)
    while path in taken:
        number += 1
        path = folder / shortened(f"{number}-{name}")
    taken.add(path)
    return path


def shortened(name: str) -> str:
    """A file's name cut in its middle where it is longer than 200 bytes; its end says what it is."""
    raw = name.encode()
    return name if len(raw) <= MAX_NAME_BYTES else raw[:120].decode(errors="ignore") + "…" + raw[-70:].decode(errors="ignore")


class _Csv:
    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._width = len(names)
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([*names, *RESULT_COLUMNS])

    def write(self, number: int, cells: Cells, why: str) -> None:
        row = ["" if cell is None else str(cell) for cell in cells]
        self._rows.writerow([*(row + [""] * self._width)[: max(self._width, len(row))], str(number), why])

    def close(self) -> None:
        self._file.close()


class _Workbook:
    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._path, self._width = path, len(names)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("退回")
        self._sheet.append([*names, *RESULT_COLUMNS])

    def write(self, number: int, cells: Cells, why: str) -> None:
        row = [*cells, *[None] * (self._width - len(cells))]
        self._sheet.append([*map(self._cell, row), number, why])

    def close(self) -> None:
        self._book.save(self._path)

    def _cell(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(self._sheet, value=value)
        cell.data_type = "s"  # never a formula, whatever a sender has written
        return cell


class _JsonLines:
    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8")

    def write(self, number: int, cells: Cells, why: str) -> None:
        sent = cells[0] if cells else None
        text = sent.decode(errors="replace").strip() if isinstance(sent, bytes) else sent
        line = {RESULT_COLUMNS[0]: number, RESULT_COLUMNS[1]: why, "原文": text}
        self._file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def close(self) -> None:
        self._file.close()


_WRITERS: dict[Form, Callable[[Path, Sequence[str]], _Writer]] = {"csv": _Csv, "workbook": _Workbook, "json": _JsonLines}
