"""GET and POST /v1/findings: what a department was asked to look into, and its answers. Each department sees its own."""

import hmac
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huanxin.errors import ConfigurationError
from ingest.gateway.answers import refusals
from ingest.gateway.openapi import SECURITY
from ingest.gateway.refusal import Refusal, later
from warehouse import findings as store
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.findings import Disposition, Wanted
from warehouse.seats import Seat, password, seats


class Answer(BaseModel):
    """What a department found out about one finding."""

    model_config = ConfigDict(extra="forbid")

    finding: UUID
    disposition: Disposition
    recovered_yuan: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)] = Decimal(0)
    """Above 0 where the disposition is 已追回, and only there."""
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
    """No personal data."""
    who: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    """Who answers, by name or number of staff."""


class Kept(BaseModel):
    """The finding as it stands after the answer."""

    finding: UUID
    disposition: str


class Departments:
    """Finds the department that a key belongs to (`huanxin access key`)."""

    def __init__(self, seats_key: str) -> None:
        self._keys = [(seat, password(seats_key, "gateway", seat.id).encode()) for seat in seats() if seat.is_department]

    async def department(self, request: Request) -> Seat:
        """The asking department. Raises 401 without a known key; every key is compared, each in constant time."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        found = [seat for seat, key in self._keys if hmac.compare_digest(key, given.encode())]
        if scheme.lower() != "bearer" or not found:
            raise Refusal(401, "unknown_key", "请使用本部门的密钥:Bearer <密钥>", headers={"WWW-Authenticate": "Bearer"})
        return found[0]


def add_findings(app: FastAPI, departments: Departments, client: Any) -> None:
    """Add the routes. `client` is a ClickHouse client that may write answers; its calls are serialised."""
    one = CapacityLimiter(1)
    Asking = Annotated[Seat, Depends(departments.department)]  # noqa: N806  a type

    async def ask(call: Callable[..., Any], *values: Any) -> Any:
        try:
            return await to_thread.run_sync(call, client, *values, limiter=one)
        except CLICKHOUSE_ERRORS as error:
            raise later(503, "store_unavailable", "数据库暂无响应,请稍后再试", 5) from error

    @app.get("/v1/findings", responses=refusals(401, 422, 503), openapi_extra=SECURITY)
    async def list_findings(
        department: Asking,
        status: Literal["open", "closed", "not_judged", ""] = "open",
        rule: Annotated[str, Query(pattern=r"^(A\d{2})?$")] = "",
        severity: Literal["R", "O", "Y", ""] = "",
        answered: bool | None = None,
        as_of: datetime | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> list[dict[str, Any]]:
        """The findings that your department received, gravest and most urgent first."""
        wanted = Wanted(_names(department), status, rule, severity, answered, as_of)
        return [finding.as_dict() for finding in await ask(store.find, wanted, limit, offset)]

    @app.post("/v1/findings", responses=refusals(401, 404, 422, 503), openapi_extra=SECURITY)
    async def answer_finding(given: Answer, department: Asking) -> Kept:
        """Answer one finding; a later answer replaces an earlier one, and both stay on record."""
        found = await ask(store.get, given.finding, _names(department))
        if found is None:
            raise Refusal(404, "no_such_finding", "没有找到转给本部门的该疑点", "finding")
        who = f"{department.name} {given.who}"
        try:
            await ask(store.answer, found, given.disposition, given.recovered_yuan, given.note, who)
        except ConfigurationError as error:
            raise Refusal(422, "contradiction", str(error), "recovered_yuan") from error
        return Kept(finding=given.finding, disposition=given.disposition)


def _names(department: Seat) -> tuple[str, ...]:
    return (department.name, *department.aliases)
