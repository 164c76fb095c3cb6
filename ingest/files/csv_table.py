"""CSV: its encoding and its delimiter are found out, its rows are read one by one."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from huanxin.errors import FileRefusedError
from ingest.files.part import BrokenOffError, Cells, Part

_BLOCK = 1 << 20
_UNREADABLE = "the row cannot be read, perhaps for a quotation mark that is not closed: nothing from here on was read"


def encoding_of(path: Path, hint: str | None = None) -> str:
    """UTF-8 (with or without a mark) or GB18030. Raises FileRefusedError where the bytes are neither, or not as hinted."""
    tried = {"utf-8": ("utf-8-sig",), "gb18030": ("gb18030",)}.get(hint or "", ("utf-8-sig", "gb18030"))
    for encoding in tried:
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while part := file.read(_BLOCK):
                    decoder.decode(part)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
        return encoding
    raise FileRefusedError("encoding", path.name, "", f"it is not {' or '.join(tried)}: save it as CSV in UTF-8")


@contextmanager
def open_csv(path: Path, name: str, hint: str | None) -> Iterator[Part]:
    """A CSV file as a part; tabs and semicolons serve as commas where the first lines have more of them."""
    size = max(path.stat().st_size, 1)
    encoding = encoding_of(path, hint)
    with path.open("rb", buffering=_BLOCK) as raw, TextIOWrapper(raw, encoding, newline="") as file:
        delimiter = _delimiter(file.read(8192))
        file.seek(0)
        yield Part(name, "csv", _rows(file, delimiter), position=lambda: raw.tell() / size)


def _delimiter(beginning: str) -> str:
    return max(",\t;", key=beginning.count)


def _rows(file: TextIO, delimiter: str) -> Iterator[Cells]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise BrokenOffError("quotes", _UNREADABLE) from None
