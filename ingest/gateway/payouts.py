"""POST /v1/payouts/check: asks about payments before money leaves; pass, hold or refer, with the rules' questions."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from anyio import CapacityLimiter, to_thread
from fastapi import Body, Depends, FastAPI
from pydantic import BaseModel

from huanxin.errors import RejectedError
from ingest.gateway.access import Access
from ingest.gateway.answers import refusals
from ingest.gateway.openapi import SECURITY
from ingest.gateway.refusal import Refusal, later
from ingest.precheck import MOST, PAYMENT, Checker
from ingest.sources import Source
from warehouse.client import CLICKHOUSE_ERRORS
from warehouse.precheck import Check


class Question(BaseModel):
    """What one rule would ask."""

    rule: str
    severity: Literal["R", "O", "Y"]
    title: str
    question: str
    amount_yuan: Decimal
    judged: bool
    """False where the rule's amount or limit is not known."""


class Verdict(BaseModel):
    """The answer for one payment; `rejected` says that the document itself is not valid."""

    verdict: Literal["pass", "hold", "refer", "rejected"]
    reasons: list[Question] = []
    reason: str | None = None
    field: str | None = None
    message: str | None = None


class Verdicts(BaseModel):
    """One answer per payment, in the request's order."""

    results: list[Verdict]


def add_payouts(app: FastAPI, access: Access, checker: Checker, client: Any) -> None:
    """Add the route. `client` is a ClickHouse client of its own: a check leaves temporary tables in its session."""
    one = CapacityLimiter(1)
    Asking = Annotated[Source, Depends(access.source)]  # noqa: N806  a type
    documents = Body(description="One payment, or up to 500: `data` of subsidy.paid as it would be sent.")

    @app.post("/v1/payouts/check", responses=refusals(401, 403, 413, 422, 503), openapi_extra=SECURITY)
    async def check_payouts(payments: Annotated[dict[str, Any] | list[dict[str, Any]], documents], source: Asking) -> Verdicts:
        """Nothing is stored; each payment is judged together with the others of the request, by the rules of today."""
        if PAYMENT not in source.event_types:
            raise Refusal(403, "type_not_allowed", "只有报送补贴拨付的来源可以核对")
        asked = payments if isinstance(payments, list) else [payments]
        if not asked or len(asked) > MOST:
            raise Refusal(413 if asked else 422, "too_many" if asked else "empty", f"每次核对 1 至 {MOST} 笔")
        try:
            answers = await to_thread.run_sync(checker.check, client, source, asked, limiter=one)
        except CLICKHOUSE_ERRORS as error:
            raise later(503, "store_unavailable", "数据库暂无响应,请稍后再核对", 5) from error
        return Verdicts(results=[_verdict(answer) for answer in answers])


def _verdict(answer: Check | RejectedError) -> Verdict:
    if isinstance(answer, RejectedError):
        return Verdict(verdict="rejected", reason=answer.reason, field=answer.field, message=answer.message)
    reasons = [
        Question(
            rule=r.rule, severity=r.severity, title=r.title, question=r.question, amount_yuan=r.amount_yuan, judged=r.judged
        )
        for r in answer.reasons
    ]
    return Verdict(verdict=answer.verdict, reasons=reasons)
