"""One document as its source writes it: a row of cells, or a CloudEvents envelope."""

import csv
import hashlib
import io
import json
from datetime import date, datetime

from huanxin.simulator.document import Document
from ingest.sources import Source


def cells(source: Source, document: Document) -> dict[str, str]:
    """A file source's row: header → cell. An empty cell is an absent value."""
    envelope = {"@time": document.time, "@reportedat": document.reported_at, "@revision": document.revision}
    values = {**envelope, **dict(document.data)}
    return {header: _cell(values[target]) for header, target in source.columns.items()}


def csv_line(row: list[str]) -> str:
    """One CSV line with its line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(row)
    return buffer.getvalue()


def envelope_line(document: Document) -> str:
    """An http source's line: the whole envelope as JSON, with its line end."""
    data = document.data
    natural = "\x1f".join((data.event_type, *data.natural_key))
    envelope = {
        "specversion": "1.0",
        "id": f"{document.source}-{hashlib.sha256(natural.encode()).hexdigest()[:24]}",
        "source": document.source,
        "type": data.event_type,
        "time": document.time.isoformat(),
        "reportedat": document.reported_at.isoformat(),
        "revision": document.revision,
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="json", exclude_none=True),
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
