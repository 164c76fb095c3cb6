"""A request refused as a whole: the one exception that the gateway's parts raise, and how it is answered."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ingest.gateway.metrics import REFUSALS


class Refusal(HTTPException):
    """Status, a reason for machines, and what to do, in Chinese for those who look after the source system."""

    def __init__(
        self, status: int, reason: str, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.reason = reason
        self.field = field


def later(status: int, reason: str, detail: str, seconds: int) -> Refusal:
    """A refusal that passes: come back after so many seconds."""
    return Refusal(status, reason, detail, headers={"Retry-After": str(seconds)})


async def answer(_request: Request, error: Exception) -> JSONResponse:
    """Every refusal, the framework's own ones too, in one shape (`answers.Problem`)."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for these alone
    reason = error.reason if isinstance(error, Refusal) else error.detail.lower().replace(" ", "_")
    field = error.field if isinstance(error, Refusal) else None
    REFUSALS.labels(str(error.status_code), reason).inc()
    return JSONResponse({"reason": reason, "field": field, "detail": error.detail}, error.status_code, error.headers)


async def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """A parameter or a body that is not what the route takes, in the same shape and without the value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for these alone
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    REFUSALS.labels("422", first["type"]).inc()
    return JSONResponse({"reason": first["type"], "field": field, "detail": f"请求中的 {field or '正文'} 不符合接口说明"}, 422)
