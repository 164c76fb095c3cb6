"""The gateway does what its OpenAPI document says, whatever is sent to it: schemathesis with every check on."""

import json
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from ingest.fakes import FakePublisher
from ingest.gateway.access import Access
from ingest.gateway.app import Supervision, create_gateway
from ingest.gateway.body import LINES
from ingest.gateway.findings import Departments
from ingest.precheck import Checker
from ingest.sources import sources
from tests.ingest.samples import PREPARER, WEIGHBRIDGE, intake


class EmptyStore:
    """Answers every query with no row."""

    def execute(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        return []


@schemathesis.serializer(*LINES)
def json_lines(_context: Any, value: Any) -> bytes:
    """One document on each line, as the body's description means it."""
    return b"\n".join(json.dumps(each).encode() for each in (value if isinstance(value, list) and value else [value]))


SUPERVISION = Supervision(Departments("15" * 32), Checker(PREPARER.identifier), EmptyStore(), EmptyStore())
ACCESS = Access(sources(), {WEIGHBRIDGE.id: "key"})
APP = create_gateway(intake(FakePublisher()), ACCESS, EmptyStore(), supervision=SUPERVISION)
REFUSED = [400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 503]  # 413 refuses too, which the default list leaves out
CONFIG = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
schema = schemathesis.openapi.from_asgi("/openapi.json", APP, config=CONFIG)
DOCUMENTED = {
    (method.upper(), path): {int(status) for status in operation["responses"]}
    for path, operations in APP.openapi()["paths"].items()
    for method, operation in operations.items()
}
OF_ANY_ROUTE = {404, 405}
"""What an address or a method that is not there is answered."""


@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_route_does_as_it_says(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Authorization": "Bearer key"})
    assert answer.status_code in DOCUMENTED[case.operation.method.upper(), case.operation.path] | OF_ANY_ROUTE
    case.validate_response(answer)


def test_the_document_names_every_refusal() -> None:
    assert {202, 401, 403, 413, 415, 422, 429, 503} <= DOCUMENTED["POST", "/v1/events"]
