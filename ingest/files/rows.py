"""From a file's rows to envelopes: header names and cell conventions are the source's, as registered."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from huanxin.errors import ConfigurationError, RejectedError
from ingest.accept import read_envelope
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.envelope import Envelope
from schemas.event import EventData
from schemas.rejection import rejection

Row = tuple[int, Envelope | RejectedError]
"""Row number as a spreadsheet shows it (the header is row 1), and the row's event or why it is none."""

YES_NO = {"是": True, "否": False}
_UNREADABLE = "the row cannot be read, perhaps for a quotation mark that is not closed: nothing from here on was read"


def read_rows(path: Path, source: Source) -> Iterator[Row]:
    """The rows of a CSV or JSON Lines file. Raises ConfigurationError where the file as a whole is not the source's."""
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from _json_lines(path)
    elif path.suffix.lower() == ".csv":
        yield from _csv(path, source)
    else:
        raise ConfigurationError(f"{path.name}: only .csv and .jsonl files are taken in")


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without a mark) or GB18030. Raises ConfigurationError where the bytes are neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            try:
                while part := file.read(1 << 20):
                    decoder.decode(part)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
        return encoding
    raise ConfigurationError(f"{path.name} is neither UTF-8 nor GB18030: save it as CSV in UTF-8")


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, read_envelope(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)


def _csv(path: Path, source: Source) -> Iterator[Row]:
    with path.open(encoding=encoding_of(path), newline="") as file:
        reader = csv.reader(file, strict=True)
        header = _header(path, source, reader)
        targets = [source.columns[name] for name in header]
        model = event_types()[source.event_types[0]]
        booleans = {name for name, info in model.model_fields.items() if bool in (info.annotation, *get_args(info.annotation))}
        number = 1
        try:
            for number, cells in enumerate(reader, start=2):
                if any(cell.strip() for cell in cells):
                    yield number, _envelope(source, model, targets, booleans, cells)
        except csv.Error:
            yield number + 1, RejectedError("open", "quotes", "", _UNREADABLE)


def _header(path: Path, source: Source, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error:
        header = []
    unknown = [name for name in header if name not in source.columns]
    if not header or unknown:
        raise ConfigurationError(f"{path.name}: columns {unknown or 'none'} are not registered for {source.id}")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise ConfigurationError(f"{path.name}: columns {twice} stand there twice")
    return header


def _envelope(
    source: Source, model: type[EventData], targets: list[str], booleans: set[str], cells: list[str]
) -> Envelope | RejectedError:
    if len(cells) != len(targets):
        return RejectedError("open", "columns", "", f"the row has {len(cells)} cells, the header {len(targets)}")
    given: dict[str, Any] = {name: cell.strip() for name, cell in zip(targets, cells, strict=True) if cell.strip()}
    data = {name: YES_NO.get(value, value) if name in booleans else value for name, value in given.items() if name[0] != "@"}
    context = {name[1:]: value for name, value in given.items() if name[0] == "@"}
    try:
        return Envelope(specversion="1.0", id="row", source=source.id, type=model.event_type, data=data, **context)
    except ValidationError as error:
        return rejection(error)
