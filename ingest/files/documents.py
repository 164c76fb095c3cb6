"""One JSON document as an event: a CloudEvents envelope, or an object with the source's headers or field names."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from huanxin.errors import RejectedError
from ingest.accept import read_envelope
from ingest.files.cells import cell_reader
from ingest.files.part import Cells
from ingest.files.shape import Target, passed_over, targets
from ingest.files.table import envelope
from ingest.files.text import squeezed
from ingest.sources import Source
from schemas.catalogue import event_types
from schemas.envelope import Envelope
from schemas.rejection import rejection


class Documents:
    """Reads the documents of one source."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._model = event_types()[source.event_types[0]]
        known = dict(targets(source.columns, source.file))
        known |= {target.field: Target(target.header, target.field) for target in [*known.values()]}
        self._readers = {
            name: (target.field, cell_reader(target, self._model, source.file, typed=True)) for name, target in known.items()
        }
        self._passed_over = passed_over(source.file)

    def event(self, cells: Cells) -> Envelope | RejectedError:
        """The event of one line (bytes) or one element (parsed already)."""
        document = cells[0]
        if isinstance(document, bytes):
            if b'"specversion"' in document or not self._readers:
                return read_envelope(document)
            try:
                document = from_json(document)
            except ValueError:
                return RejectedError("open", "json_invalid", "", "not valid JSON")
        if not isinstance(document, dict):
            return RejectedError("envelope", "model_type", "", "each document must be a JSON object")
        return self._flat(document) if self._readers and "specversion" not in document else _enveloped(document)

    def _flat(self, document: dict[str, Any]) -> Envelope | RejectedError:
        data: dict[str, Any] = {}
        context: dict[str, Any] = {}
        for name, value in document.items():
            field, read = self._readers.get(squeezed(name), ("", None))
            if read is None:
                if squeezed(name) in self._passed_over:
                    continue
                return RejectedError("open", "columns", "", "a name in the document is not among the source's columns")
            if value is None or value == "":
                continue
            try:
                found = value if isinstance(value, dict | list) else read(value)
            except RejectedError as error:
                return error
            if field[0] == "@":
                context[field[1:]] = found
            else:
                data[field] = found
        return envelope(self._source, self._model, data, context)


def _enveloped(document: dict[str, Any]) -> Envelope | RejectedError:
    try:
        return Envelope.model_validate(document)
    except ValidationError as error:
        return rejection(error)
