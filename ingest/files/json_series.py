"""JSON Lines, and JSON arrays read element by element: envelopes, or rows with the source's headers as names."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TextIO

import ijson

from ingest.files.csv_table import encoding_of
from ingest.files.part import BrokenOffError, Cells, Part

_BROKEN = "not valid JSON from here on: nothing more was read"


@contextmanager
def open_json(path: Path, name: str, hint: str | None) -> Iterator[Part]:
    """A JSON file as a part: an array where it begins with a bracket, else one document on each line."""
    size, encoding = max(path.stat().st_size, 1), encoding_of(path, hint)
    with path.open("rb") as raw:
        array = _first(raw) == b"["
        file = raw if encoding == "utf-8-sig" else _Utf8(TextIOWrapper(raw, encoding))
        lines = _elements(file) if array else _lines(file)
        yield Part(name, "json", lines, position=lambda: raw.tell() / size)


class _Utf8:
    """A file in another encoding, read as UTF-8."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode()

    def readline(self) -> bytes:
        return self._text.readline().encode()


def _first(raw: IO[bytes]) -> bytes:
    """The first byte that means something; the file then stands behind its mark."""
    beginning = raw.read(4096)
    raw.seek(len(codecs.BOM_UTF8) if beginning.startswith(codecs.BOM_UTF8) else 0)
    return beginning.removeprefix(codecs.BOM_UTF8).lstrip()[:1]


def _lines(file: IO[bytes] | _Utf8) -> Iterator[Cells]:
    while line := file.readline():
        yield [line] if line.strip() else []


def _elements(file: IO[bytes] | _Utf8) -> Iterator[Cells]:
    try:
        for element in ijson.items(file, "item"):
            yield [element]
    except ijson.JSONError:
        raise BrokenOffError("json_invalid", _BROKEN) from None
