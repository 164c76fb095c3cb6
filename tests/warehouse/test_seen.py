"""Every landed document is found again by its id, whatever bytes the id has."""

from datetime import date

import pytest

from schemas.identity import EventId
from tests.conftest import Stack
from warehouse.client import connection
from warehouse.receipts import find
from warehouse.seen import landed

pytestmark = pytest.mark.stack


def test_ids_that_end_in_a_zero_byte_are_found(stack: Stack) -> None:
    """A FixedString compared with a String loses its trailing zero bytes: one id in 256 has one."""
    rows: list[tuple[date, str, str]] = stack.clickhouse(
        "SELECT day, hex(id), source FROM landing.recycling_weighed WHERE endsWith(hex(id), '00') ORDER BY day LIMIT 200"
    )
    documents = [(day, bytes.fromhex(document)) for day, document, _ in rows]
    assert len(documents) > 20
    with connection(stack.settings, "worker") as client:
        found = landed(client, "recycling.weighed", documents)
        assert {document for document, _, _ in found} == {document for _, document in documents}
        day, document, source = rows[0]
        receipt = find(client, EventId(day, bytes.fromhex(document), 1), source)
    assert receipt is not None
    assert receipt.status == "stored"
