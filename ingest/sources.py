"""The registered sources, as data: who may send what, from which department, in which columns. Adding a source is an entry."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from limits import parse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from huanxin.errors import ConfigurationError
from ingest.database.exchange import Captured, Exchange
from ingest.files.shape import FileShape
from schemas.catalogue import event_types
from schemas.envelope import SourceId, Surface

SOURCES = Path(__file__).parent / "sources.yaml"
ENVELOPE_TARGETS = frozenset({"@time", "@reportedat", "@revision"})
_UNITS = {"m": 60, "h": 3600, "d": 86400}


class Source(BaseModel):
    """One source system, or one department's monthly file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: SourceId
    department: Annotated[str, StringConstraints(min_length=2)]
    title: str
    surface: Surface
    event_types: tuple[str, ...] = Field(min_length=1)
    expected_every: Annotated[str, StringConstraints(pattern=r"^\d+[mhd]$")]
    rate: str = "50000/second"
    """The most events that it may send through the gateway in a time, as `5000/second` or `600000/minute`."""
    synthetic: bool = False
    columns: dict[str, str] = Field(default_factory=dict)
    """Header of the file → field of the model, or @time, @reportedat, @revision of the envelope."""
    file: FileShape = FileShape()
    """How its files look beyond the columns."""

    exchange: Exchange | None = None
    """The table of a database surface."""

    @model_validator(mode="after")
    def _names_exist(self) -> "Source":
        known = event_types()
        unknown = [event_type for event_type in self.event_types if event_type not in known]
        if unknown:
            raise ValueError(f"unknown event types {unknown}; known: {list(known)}")
        fields = {name for event_type in self.event_types for name in known[event_type].model_fields}
        parse(self.rate)
        strange = sorted(set(self.columns.values()) - fields - ENVELOPE_TARGETS)
        if strange:
            raise ValueError(f"columns map to unknown fields {strange}")
        faults = self.file.faults(self.columns)
        if faults:
            raise ValueError("file: " + "; ".join(faults))
        if (self.surface == "database") != (self.exchange is not None):
            raise ValueError("a database surface, and no other, has `exchange`: its table, key and watermark")
        if isinstance(self.exchange, Captured) and "@revision" not in self.columns.values():
            raise ValueError("capture needs a column mapped to @revision: only the source can number a row's changes")
        return self

    @property
    def expected_every_seconds(self) -> int:
        """How often the source should send, in seconds."""
        number, unit = re.fullmatch(r"(\d+)([mhd])", self.expected_every).groups()  # type: ignore[union-attr]
        return int(number) * _UNITS[unit]


@cache
def sources(path: Path = SOURCES) -> Mapping[str, Source]:
    """Source id → source. Raises ConfigurationError naming the entry that is wrong."""
    found: dict[str, Source] = {}
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
        try:
            source = Source.model_validate(entry)
        except ValidationError as error:
            raise ConfigurationError(f"{path.name}, source {entry.get('id', '?')}: {error}") from error
        if source.id in found:
            raise ConfigurationError(f"{path.name}: source {source.id} stands there twice")
        found[source.id] = source
    return found


ENVELOPE_NAMES = {
    "id": "编号",
    "type": "单据类型",
    "source": "来源编号",
    "subject": "主题",
    "data": "内容",
    "dataversion": "契约版本",
    "specversion": "规范版本",
    "datacontenttype": "内容格式",
    "dataschema": "内容契约",
}
"""What no file has a column for."""


def field_names(source: Source, registered: Mapping[str, Source]) -> dict[str, str]:
    """Field → its Chinese name: the source's own header without its unit, else that of another source of its types."""
    alike = [other for other in registered.values() if {*other.event_types} & {*source.event_types}]
    found = dict(ENVELOPE_NAMES)
    for other in [*alike, source]:
        found |= {target.lstrip("@"): header.partition("(")[0] for header, target in other.columns.items()}
    return found


def source_rows(registered: Mapping[str, Source]) -> list[tuple[object, ...]]:
    """The sources as rows of ops.source_edition, without the edition."""
    return [
        (
            *(s.id, s.department, s.title, s.surface, list(s.event_types), s.expected_every_seconds, s.synthetic),
            field_names(s, registered),
        )
        for s in registered.values()
    ]
