"""The ledger identity holds over the county, and a lost or a foreign row breaks it."""

from decimal import Decimal

import pytest

from tests.conftest import Stack
from warehouse.client import connection
from warehouse.reconcile import Reconciliation, reconcile

pytestmark = pytest.mark.stack
SPOILED = "serial_no = 'SPOILED'"


def ask(stack: Stack) -> Reconciliation:
    with connection(stack.settings, "admin") as client:
        return reconcile(client)


def test_the_county_balances(stack: Stack) -> None:
    stack.wait_until_landed()
    outcome = ask(stack)
    assert outcome.breaks == ()
    total = outcome.total
    assert total.received == total.stored + total.duplicate + total.rejected
    assert total.received > 90_000
    assert total.yuan_received == total.yuan_stored > Decimal(0)


def test_a_row_that_nobody_sent_is_a_break(stack: Stack) -> None:
    stack.wait_until_landed()
    stack.clickhouse(
        "INSERT INTO landing.usedcar_transferred SELECT * REPLACE (toDate('2023-03-03') AS day, 'SPOILED' AS serial_no) "
        "FROM landing.usedcar_transferred WHERE source = 'police.transfer' LIMIT 1"
    )
    try:
        (broken,) = ask(stack).breaks
        assert (broken.source, str(broken.day)) == ("police.transfer", "2023-03-03")
        assert broken.figures.stored == broken.figures.received + 1
    finally:
        stack.clickhouse(f"DELETE FROM landing.usedcar_transferred WHERE {SPOILED}")
    assert ask(stack).breaks == ()
