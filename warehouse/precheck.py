"""Asks before money leaves whether the supervision rules would find anything if these payments were made now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from clickhouse_driver import Client

from schemas.event import EventData
from schemas.identity import EventId, Identifier
from schemas.masking import mask
from warehouse.columns import data_columns
from warehouse.supervise import check_payments

Verdict = Literal["pass", "hold", "refer"]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was not made yet: its document and the id it would have."""

    event_id: EventId
    source: str
    department: str
    data: EventData


@dataclass(frozen=True, slots=True)
class Reason:
    """What a rule asks about it; `case_key` names the case by tokens, the question by masked values."""

    rule: str
    severity: str
    title: str
    question: str
    case_key: str
    amount_yuan: Decimal
    judged: bool
    """False where the rule's amount or limit is not known, so that a person must decide."""


@dataclass(frozen=True, slots=True)
class Check:
    """pass: nothing is asked. hold: a grave question is open. refer: a person should look before paying."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


def check(client: Client, identifier: Identifier, payments: Sequence[Payment]) -> list[Check]:
    """One answer per payment, in order; each is judged together with all the others, as if all were made."""
    columns = [*_ENVELOPE, *(column.name for column in data_columns(type(payments[0].data)))]
    now = datetime.now(UTC)
    cases, found = check_payments(client, columns, [_row(payment, identifier, now) for payment in payments])
    keys = dict(cases)
    return [_answer(found, set(keys[str(payment.event_id)])) for payment in payments]


_ENVELOPE = ("day", "id", "revision", "source", "department", "occurred_at", "reported_at", "received_at")


def _row(payment: Payment, identifier: Identifier, now: datetime) -> list[Any]:
    event = payment.event_id
    row: list[Any] = [event.day, event.document, event.revision, payment.source, payment.department, now, now, now]
    for column in data_columns(type(payment.data)):
        value = getattr(payment.data, column.field)
        if column.kind is not None and value is not None:
            value = identifier.token(column.kind, value) if column.is_token else mask(column.kind, value)
        row.append(value)
    return row


def _answer(found: Sequence[tuple[Any, ...]], cases: set[str]) -> Check:
    reasons = tuple(
        Reason(rule, severity, title, question, case_key, amount, status == "open")
        for rule, case_key, status, severity, amount, question, title in found
        if case_key in cases
    )
    grave = any(reason.severity == "R" and reason.judged for reason in reasons)
    return Check("hold" if grave else "refer" if reasons else "pass", reasons)
