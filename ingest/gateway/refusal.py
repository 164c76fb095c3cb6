"""A request refused as a whole: the one exception that the gateway's parts raise, and how it is answered."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

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


async def answer(request: Request, error: Exception) -> JSONResponse:
    """Every refusal, the framework's own ones too, in one shape (`answers.Problem`)."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for these alone
    refusal = error if isinstance(error, Refusal) else _own(request, error)
    REFUSALS.labels(str(refusal.status_code), refusal.reason).inc()
    content = {"reason": refusal.reason, "field": refusal.field, "detail": refusal.detail}
    return JSONResponse(content, refusal.status_code, refusal.headers)


def _own(request: Request, error: HTTPException) -> Refusal:
    """What the framework refuses by itself, in our words."""
    if error.status_code == 404:
        return Refusal(404, "not_found", "没有这个地址")
    if error.status_code == 405:  # the framework names the methods of one route, and an address may have several
        routes = [
            route for route in request.app.routes if isinstance(route, Route) and route.path_regex.match(request.url.path)
        ]
        methods = sorted({method for route in routes for method in route.methods or ()})
        return Refusal(405, "method_not_allowed", "该地址不支持这个方法", headers={"Allow": ", ".join(methods)})
    return Refusal(422, "json_invalid", "正文须为一个 UTF-8 编码的 JSON 文档")


async def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """A parameter or a body that is not what the route takes, in the same shape and without the value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for these alone
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    REFUSALS.labels("422", first["type"]).inc()
    return JSONResponse({"reason": first["type"], "field": field, "detail": f"请求中的 {field or '正文'} 不符合接口说明"}, 422)
