"""Findings as departments work on them: list, read with history, answer. What a rule found lies in warehouse/supervise.py.

A department sees the findings whose recipients name it. Its answer is a row of ops.disposition and of ops.audit; rows are only
ever added, so what was known at any past moment stays known.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

from clickhouse_driver import Client

from huanxin.errors import ConfigurationError
from warehouse.audit import record

Disposition = Literal["属实", "误报", "已追回"]
DISPOSITIONS: tuple[str, ...] = get_args(Disposition)


@dataclass(frozen=True, slots=True)
class Finding:
    """One question to look into. `evidence` is JSON; personal values in it are masked."""

    id: UUID
    rule: str
    rule_version: str
    case_key: str
    severity: str
    department: str
    recipients: list[str]
    title: str
    question: str
    status: str
    opened_at: datetime
    closed_at: datetime | None
    deadline: date
    overdue: bool
    amount_yuan: Decimal
    disposition: str
    recovered_yuan: Decimal
    note: str
    answered_by: str
    answered_at: datetime | None
    evidence: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data; yuan as text, so that no float rounds them."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are meant; an empty field means any. `departments` are a department's name and aliases."""

    departments: Collection[str] = ()
    status: str = ""
    rule: str = ""
    severity: str = ""
    answered: bool | None = None
    as_of: datetime | None = None


def find(client: Client, wanted: Wanted, limit: int = 100, offset: int = 0) -> list[Finding]:
    """Gravest first, then by deadline."""
    where, values = _where(wanted)
    rows = client.execute(
        f"SELECT {_COLUMNS} FROM {_source(wanted)} WHERE {where} "
        "ORDER BY indexOf(['R', 'O', 'Y'], severity), deadline, rule, id LIMIT %(limit)s OFFSET %(offset)s",
        values | {"limit": limit, "offset": offset},
    )
    return [Finding(*row) for row in rows]


def get(client: Client, finding: UUID, departments: Collection[str] = ()) -> Finding | None:
    """One finding, if it is there and one of these departments (any, where none is given) may see it."""
    where, values = _where(Wanted(departments))
    rows = client.execute(f"SELECT {_COLUMNS} FROM mart.finding WHERE id = %(id)s AND {where}", values | {"id": finding})
    return Finding(*rows[0]) if rows else None


def history(client: Client, finding: UUID) -> list[dict[str, Any]]:
    """What happened to a finding, in order: opened, re-evaluated, answered, closed, reopened."""
    rows = client.execute(
        "SELECT * FROM (SELECT evaluated_at AS at, event, status, question AS text, amount_yuan, '' AS who "
        "FROM mart.finding_version WHERE id = %(id)s UNION ALL "
        "SELECT at, 'answered', disposition, note, recovered_yuan, by FROM ops.disposition WHERE id = %(id)s) "
        "ORDER BY at",  # outside the brackets: ClickHouse would order the last SELECT alone
        {"id": finding},
    )
    names = ("at", "event", "status", "text", "amount_yuan", "who")
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in rows]


def answer(client: Client, finding: Finding, disposition: str, recovered_yuan: Decimal, note: str, who: str) -> None:
    """Keep a department's answer. Raises ConfigurationError where it contradicts itself."""
    if disposition not in DISPOSITIONS:
        raise ConfigurationError(f"核查结论只能是{'、'.join(DISPOSITIONS)}")
    if (recovered_yuan > 0) != (disposition == "已追回"):
        raise ConfigurationError("追回金额与核查结论不符:已追回须填写大于0的金额,其他结论金额为0")
    client.execute(
        "INSERT INTO ops.disposition (id, disposition, recovered_yuan, note, by) VALUES",
        [(finding.id, disposition, recovered_yuan, note, who)],
    )
    record(client, who, "finding.answer", [str(finding.id)], f"{finding.rule} {disposition} {recovered_yuan}")


_COLUMNS = ", ".join(field.name for field in fields(Finding))


def _source(wanted: Wanted) -> str:
    return "mart.finding_as_of(as_of = %(as_of)s)" if wanted.as_of else "mart.finding"


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    if wanted.departments:
        parts.append("hasAny(recipients, %(departments)s)")
        values["departments"] = list(wanted.departments)
    for name in ("status", "rule", "severity"):
        if getattr(wanted, name):
            parts.append(f"{name} = %({name})s")
            values[name] = getattr(wanted, name)
    if wanted.answered is not None:
        parts.append("disposition != ''" if wanted.answered else "disposition = ''")
    if wanted.as_of:
        values["as_of"] = wanted.as_of
    return " AND ".join(parts) or "1", values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value
