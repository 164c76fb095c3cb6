"""What the gateway answers, as its OpenAPI document shows it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class EventResult(BaseModel):
    """What became of one event of a request."""

    index: int
    """Its place in the request, from 0."""
    status: Literal["accepted", "duplicate", "rejected"]
    id: str | None
    """huanxin's id of the event: ask /v1/receipts by it."""
    reason: str | None
    field: str | None
    message: str | None


class Results(BaseModel):
    """One result per event, in the request's order, and their counts."""

    accepted: int
    duplicate: int
    rejected: int
    results: list[EventResult]


class Receipt(BaseModel):
    """Where an accepted event is now."""

    id: str
    status: Literal["stored", "dead_lettered"]
    type: str
    received_at: datetime
    reason: str | None = None
    field: str | None = None
    message: str | None = None


class Problem(BaseModel):
    """Why a request as a whole was refused, and what to do."""

    reason: str
    """For machines; it does not change."""
    field: str | None
    """Where one part of the request is to blame: its dotted path."""
    detail: str
    """For people, in Chinese."""


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses with their shape, for a route's `responses`."""
    return {status: {"model": Problem} for status in statuses}
