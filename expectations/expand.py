"""Turns a suite's entries into single expectations that Great Expectations can build: a class and its arguments."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from expectations.suite import Entry, Severity, SuiteFile
from huanxin.errors import ConfigurationError
from schemas.catalogue import event_types

ROWS = "UnexpectedRowsExpectation"


class Expectation(BaseModel):
    """One expectation of one suite. (suite, name, column) is its identity from run to run."""

    model_config = ConfigDict(frozen=True)

    suite: str
    table: str
    name: str
    column: str
    """Empty where the expectation is about whole rows or the table."""
    kind: str
    """The Great Expectations class."""
    arguments: dict[str, Any]
    severity: Severity
    title: str
    why: str


def expand(suite: str, file: SuiteFile, terms: Mapping[str, str]) -> Iterator[Expectation]:
    """The suite's expectations. `terms` replaces `{name}` in queries; Great Expectations itself fills `{batch}`.

    Raises ConfigurationError where `allowed` names no closed list.
    """
    for entry in file.expectations:
        for column, label in entry.each.items() or [(str(entry.arguments.get("column", "")), "")]:
            yield Expectation(
                suite=suite,
                table=file.table,
                name=entry.name,
                column=column,
                kind=entry.expect or ROWS,
                arguments=_arguments(entry, file, column, terms),
                severity=entry.severity,
                title=entry.title.replace("{label}", label),
                why=entry.why,
            )


def _arguments(entry: Entry, file: SuiteFile, column: str, terms: Mapping[str, str]) -> dict[str, Any]:
    if not entry.expect:
        query = entry.rows or f"SELECT {', '.join(file.show)} FROM {{batch}} WHERE {entry.where}"
        for name, text in terms.items():
            query = query.replace(f"{{{name}}}", text)
        return {"unexpected_rows_query": query}
    values = {"value_set": allowed_values(entry.allowed, column)} if entry.allowed else {}
    return {**entry.arguments, **({"column": column} if column else {}), **values}


def allowed_values(allowed: str, column: str) -> list[str]:
    """The event types, or the values that an event type's model allows in a field: its literals or its code list."""
    if allowed == "event_types":
        return list(event_types())
    if allowed in event_types():
        schema = event_types()[allowed].model_json_schema()["properties"].get(column, {})
        for option in (schema, *schema.get("anyOf", ())):  # anyOf: the field may be absent
            if "enum" in option:
                return list(option["enum"])
    raise ConfigurationError(f"{allowed} has no closed list of values for {column}")
