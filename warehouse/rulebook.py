"""The supervision rules: one SQL file each in `warehouse/rules/`, with a header an auditor can read."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from huanxin.errors import ConfigurationError
from warehouse.subsidy_rules import document

RULES = Path(__file__).parent / "rules"
KEY_KINDS = (
    *("apply", "vin", "person", "account", "phone", "invoice", "serial", "address", "sku", "cert"),
    *("recycler", "site", "ticket", "truck", "seller", "fund", "indicator"),
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_REQUIRED = ("case_key", "judged_on", "amount_yuan", "events")
_TAKEN = {"id", "status", "rule", "rule_version", "severity", "recipients", "title", "question", "evidence", "fingerprint"}
"""Columns of a finding: an evidence column of such a name would be read as the finding's own."""


class InForce(BaseModel):
    """The days, both included, whose cases a rule judges; an open end is null."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date | None = Field(alias="to")


class Rule(BaseModel):
    """One rule. Its SELECT gives `case_key`, `judged_on`, `amount_yuan` (at stake), `events` (ids) and the evidence columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^A\d{2}$")]
    version: int = 1
    name: str
    """In Chinese, as the findings' title."""
    severity: Literal["R", "O", "Y"]
    recipients: Annotated[tuple[str, ...], Field(min_length=1)]
    """Departments by name; the first one looks into it."""
    key: Annotated[tuple[str, ...], Field(min_length=1)]
    """Kinds of case key that the rule judges, such as [apply]."""
    tolerance: dict[str, Any] = {}
    """Values that the SQL names in braces: numbers, texts, lists."""
    in_force: InForce
    deadline_days: int
    """Days that the department has to answer."""
    silence_days: int | None = None
    """Set where time alone opens it: such a rule runs for all on the timer, even when nothing was touched."""
    timer_only: bool = False
    """True where it reads whole streams and runs on the timer alone."""
    source: str
    evidence: Annotated[dict[str, str], Field(min_length=1)]
    """Evidence column → Chinese label."""
    question: str
    """What is asked, in Chinese; {column} stands for an evidence column's value."""
    overrides: tuple[Literal["severity", "status", "question"], ...] = ()
    """What the SQL says itself, row by row, in a column of that name."""
    advice: str
    """What to look into, in Chinese."""
    sql: str

    @property
    def label(self) -> str:
        """Rule and version, as findings keep it."""
        return f"{self.id}/{self.version}"


def read_rule(path: Path) -> Rule:
    """Read and validate one file: the leading comment is YAML, the rest one SELECT. Raises ConfigurationError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    size = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header, sql = "\n".join(line[3:] for line in lines[:size]), "\n".join(lines[size:]).strip()
    try:
        rule = Rule.model_validate({**yaml.safe_load(header), "sql": sql})
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise ConfigurationError(f"{path.name}: the header is not valid: {error}") from error
    wrong = [f"it is named {rule.id}"] if rule.id != path.stem else []
    wrong += [f"evidence may not be named {name}" for name in rule.evidence if name in _TAKEN]
    wrong += [f"unknown kind of key {kind}" for kind in rule.key if kind not in KEY_KINDS]
    wrong += [f"no column {name}" for name in (*_REQUIRED, *rule.evidence) if not re.search(rf"\b{name}\b", sql)]
    wrong += [f"{{{name}}} is no tolerance" for name in _PLACEHOLDER.findall(sql) if name not in {*rule.tolerance, "today"}]
    wrong += [
        f"the question names {name}, which is no evidence"
        for name in _PLACEHOLDER.findall(rule.question)
        if name not in rule.evidence
    ]
    if wrong:
        raise ConfigurationError(f"{path.name}: {'; '.join(wrong)}")
    return rule


@cache
def rulebook() -> dict[str, Rule]:
    """Every rule, by id."""
    return {rule.id: rule for rule in (read_rule(path) for path in sorted(RULES.glob("A*.sql")))}


def fill(sql: str, values: dict[str, Any]) -> str:
    """The SQL with its {names} replaced by literals."""
    return _PLACEHOLDER.sub(lambda match: literal(values[match[1]]), sql)


def literal(value: Any) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "NULL"}[value]
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return f"toDate('{value.isoformat()}')"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def office() -> tuple[str, str]:
    """The severity whose findings go to one more department, and that department."""
    entry = document()["office"]
    return entry["severity"], entry["department"]
