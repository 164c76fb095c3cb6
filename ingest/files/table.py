"""One row of a table as an event: each cell read as its column asks, totals and notes told from data."""

import re
from typing import Any

from pydantic import ValidationError

from huanxin.errors import RejectedError
from ingest.files import normalise
from ingest.files.cells import cell_reader
from ingest.files.header import Header
from ingest.files.part import Cells
from ingest.files.text import squeezed
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.envelope import Envelope
from schemas.event import EventData
from schemas.rejection import rejection

_TOTAL = re.compile(r"(本页|本月|本日|本期|全年|年度|以上)?(合计|小计|总计|累计)(数|金额)?:?")
_NOTE = re.compile(r"(制表|填表|填报|审核|复核|负责|经办|打印|备注|说明|注).{0,8}:.*")


class Table:
    """Reads the rows under one header."""

    def __init__(self, header: Header, source: Source, *, typed: bool) -> None:
        self._source = source
        self._typed = typed
        self._model = event_types()[source.event_types[0]]
        self._width = max((place + 1 for place, name in enumerate(header.names) if name), default=0)
        self._labels = header.names
        placed = [(place, target) for place, target in enumerate(header.targets) if target]
        self._readers = [
            (place, target.field, cell_reader(target, self._model, source.file, typed=typed)) for place, target in placed
        ]
        self._timed = any(target.field == "@time" for _, target in placed)
        self._places = frozenset(place for place, _ in placed)
        self._key_places = [place for place, target in placed if target.field in self._model.key]
        self.names = tuple(target.header if target else name for target, name in zip(header.targets, header.names, strict=True))

    def event(self, cells: Cells) -> Envelope | RejectedError | None:
        """The row's event, why it is none, or None where the row is no data."""
        if self._is_no_data(cells):
            return None
        width = len(cells)
        if (width < self._width and not self._typed) or (width > self._width and any(map(filled, cells[self._width :]))):
            return RejectedError("open", "columns", "", f"the row has {width} cells, the header {self._width}")
        data: dict[str, Any] = {}
        context: dict[str, Any] = {}
        try:
            for place, field, read in self._readers:
                cell = cells[place] if place < width else None
                if cell is None or cell == "":
                    continue
                value = read(cell)
                if value != "":
                    if field[0] == "@":
                        context[field[1:]] = value
                    else:
                        data[field] = value
        except RejectedError as error:
            return error
        if self._timed:
            context.setdefault("time", None)
        return envelope(self._source, self._model, data, context)

    def _is_no_data(self, cells: Cells) -> bool:
        """A total or a note, where no whole key stands in the row, or the header again; told by the first filled cell.

        The label may stand in a column that is passed over (序号), or behind one (a hidden helper's running number).
        """
        for place, cell in enumerate(cells[: len(self._labels)]):
            if not filled(cell):
                continue
            if type(cell) is str and not cell.isascii():
                text = squeezed(cell)
                if text == self._labels[place]:
                    return all(squeezed(each) == name for each, name in zip(cells, self._labels, strict=False) if filled(each))
                if _TOTAL.fullmatch(text) or _NOTE.fullmatch(text):
                    return not all(key < len(cells) and filled(cells[key]) for key in self._key_places)
            if place in self._places:
                return False
        return False


def envelope(source: Source, model: type[EventData], data: dict[str, Any], context: dict[str, Any]) -> Envelope | RejectedError:
    """The row's envelope, or why it is none. Where the file does not tell moments, it happened at its day's midnight."""
    if "time" not in context:
        day = str(data.get(model.day_field) or data.get("period") or "")
        context["time"] = normalise.iso_moment(day if len(day) >= 10 else f"{day}-01-01"[:10])
    if str(context.get("revision", "")).isdecimal():
        context["revision"] = int(context["revision"])
    document = {"specversion": "1.0", "id": "row", "source": source.id, "type": model.event_type, "data": data, **context}
    try:
        return Envelope.model_validate(document)
    except ValidationError as error:
        return rejection(error)


def filled(cell: object) -> bool:
    """Whether anything stands in the cell."""
    return cell is not None and cell != "" and not (type(cell) is str and cell.isspace())
