"""How a source's files look beyond their columns, as data in `ingest/sources.yaml` under `file:`."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.files.text import squeezed
from ingest.files.units import confused_by, units_of

RESULT_COLUMNS = ("原行号", "错误原因")
"""What a result file adds to the rows it sends back; a corrected result file may be handed in as it is."""


class FileShape(BaseModel):
    """Other headers, units, plausible values and hints of one source's files; an empty one asks for nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Header → other headers for the same column; a two-row header is its upper and lower cell together."""
    units: dict[str, str] = Field(default_factory=dict)
    """Header or alias → the unit its cells are in, where that is not the field's own (kg, 元)."""
    plausible: dict[str, tuple[Decimal, Decimal]] = Field(default_factory=dict)
    """Field → smallest and largest usual value, in the field's own unit and without its sign."""
    ignored: tuple[str, ...] = ("序号", "行号")
    """Headers of columns that are passed over."""
    header_rows: Literal[1, 2] | None = None
    """How many rows the header has; found out where it is not said."""
    encoding: Literal["utf-8", "gb18030"] | None = None
    """What CSV and JSON files are written in; found out where it is not said."""

    def faults(self, columns: Mapping[str, str]) -> list[str]:
        """What is wrong in it for a source with these columns (header → field), each with what to do."""
        names = [*columns, *(alias for aliases in self.aliases.values() for alias in aliases)]
        fields = {name: columns[header] for header in columns for name in (header, *self.aliases.get(header, ()))}
        found = [f"aliases: {header} is no header of `columns`" for header in self.aliases if header not in columns]
        found += [f"header {name} stands for two columns" for name, n in Counter(map(squeezed, names)).items() if n > 1]
        found += [
            f"ignored: {name} is a registered header" for name in self.ignored if squeezed(name) in {*map(squeezed, names)}
        ]
        for name, unit in self.units.items():
            if name not in fields:
                found.append(f"units: {name} is no header and no alias")
            elif unit not in units_of(fields[name]):
                found.append(f"units: {fields[name]} knows {', '.join(units_of(fields[name])) or 'no units'}, not {unit}")
        for field, (low, high) in self.plausible.items():
            factor = confused_by(field)
            if field not in columns.values():
                found.append(f"plausible: {field} is not among the columns' fields")
            elif factor is None:
                found.append(f"plausible: {field} is neither a mass nor money")
            elif not 0 < low < high < low * factor:
                found.append(f"plausible: {field} needs 0 < low < high < low × {factor}, or no mistake of unit can be told")
        return found


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column leads: its registered header, the field (or @attribute), and the unit its cells are in."""

    header: str
    field: str
    unit: str | None = None


def targets(columns: Mapping[str, str], shape: FileShape) -> Mapping[str, Target]:
    """Every name a column may have, squeezed → where it leads."""
    return {
        squeezed(name): Target(header, field, shape.units.get(name))
        for header, field in columns.items()
        for name in (header, *shape.aliases.get(header, ()))
    }


def passed_over(shape: FileShape) -> Collection[str]:
    """Names of columns that are not read, squeezed."""
    return frozenset(squeezed(name) for name in (*shape.ignored, *RESULT_COLUMNS))
