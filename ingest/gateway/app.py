"""Puts the gateway together from its routes. A further route is a router included here, or a function that adds it.

The hot route is added to the application itself: an included router would double what the framework costs each request.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ingest.accept import Intake
from ingest.gateway.access import Access
from ingest.gateway.acknowledged import Acknowledgements
from ingest.gateway.admission import Admission
from ingest.gateway.events import add_events
from ingest.gateway.findings import Departments, add_findings
from ingest.gateway.health import add_health
from ingest.gateway.heartbeat import add_heartbeat
from ingest.gateway.openapi import SECURITY_SCHEMES
from ingest.gateway.payouts import add_payouts
from ingest.gateway.rates import Rates
from ingest.gateway.receipts import add_receipts
from ingest.gateway.refusal import answer, answer_invalid
from ingest.precheck import Checker


@dataclass(frozen=True, slots=True)
class Supervision:
    """What the routes of supervision need: keys, and a ClickHouse client for each of the two."""

    departments: Departments
    checker: Checker
    findings_client: Any
    check_client: Any


def create_gateway(
    intake: Intake, access: Access, client: Any, admission: Admission | None = None, supervision: Supervision | None = None
) -> FastAPI:
    """Build the ASGI application. `client` is a ClickHouse client for receipts; the publisher is closed when it stops."""
    admission = admission or Admission()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        intake.publisher.close()

    app = FastAPI(
        title="huanxin gateway",
        version="1",
        description="CloudEvents 1.0 in; one result per event out.",
        lifespan=lifespan,
        exception_handlers={HTTPException: answer, RequestValidationError: answer_invalid},
    )
    acknowledgements, rates = Acknowledgements(intake.publisher), Rates()
    add_events(app, intake, access, admission, rates, acknowledgements)
    add_heartbeat(app, access, intake.publisher, rates, acknowledgements)
    add_receipts(app, access, client)
    if supervision:
        add_findings(app, supervision.departments, supervision.findings_client)
        add_payouts(app, access, supervision.checker, supervision.check_client)
    add_health(app, intake.publisher, admission)
    document = app.openapi

    def openapi() -> dict[str, Any]:
        found = document()
        found.setdefault("components", {})["securitySchemes"] = SECURITY_SCHEMES
        return found

    app.openapi = openapi  # type: ignore[method-assign]
    return app
