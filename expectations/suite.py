"""A suite as its YAML file states it: what is expected of one table, how grave a failure is, and why it matters.

An entry asks in one of three ways: `where` (no row may meet the condition), `rows` (a query that must return nothing, with
`{batch}` for the table), or `expect` (a Great Expectations class) `with` its arguments. `each` asks it of several columns.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from huanxin.errors import ConfigurationError

Severity = Literal["critical", "warning", "info"]


class Entry(BaseModel):
    """One entry of a suite's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    """In Chinese, for the page; `{label}` stands for the column's name in `each`."""
    why: str
    """In Chinese: what goes wrong for people when this does not hold."""
    severity: Severity
    expect: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")
    allowed: str = ""
    """Fills `value_set`: `event_types`, or an event type whose field of the column's name has a closed list of values."""
    each: dict[str, str] = Field(default_factory=dict)
    """Column → its Chinese name."""
    where: str = ""
    rows: str = ""

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> Self:
        if sum(map(bool, (self.expect, self.where, self.rows))) != 1:
            raise ValueError(f"{self.name}: give exactly one of expect, where, rows")
        if self.each and not self.expect:
            raise ValueError(f"{self.name}: each goes with expect")
        return self


class SuiteFile(BaseModel):
    """One file of `expectations/suites/`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    title: str
    show: tuple[str, ...]
    """The columns of a failing row that may be printed: business keys, never personal data."""
    expectations: tuple[Entry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [entry.name for entry in self.expectations]
        if len(names) != len(set(names)):
            raise ValueError(f"a name is given twice: {sorted({name for name in names if names.count(name) > 1})}")
        return self


SUITES = Path(__file__).parent / "suites"


def suite_files(folder: Path = SUITES) -> Mapping[str, SuiteFile]:
    """Suite name → its content, in order of names. Raises ConfigurationError where a file is not a suite."""
    return dict(_read(folder))


def _read(folder: Path) -> Iterator[tuple[str, SuiteFile]]:
    for file in sorted(folder.glob("*.yaml")):
        try:
            yield file.stem, SuiteFile.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            raise ConfigurationError(f"{file} is not a suite: {error}") from error
