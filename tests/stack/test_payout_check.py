"""The check before payment: what the county has lawfully paid passes, what a rule asks about is held; nothing is stored."""

import time
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from huanxin import payouts
from ingest.files.opening import opened
from ingest.files.part import Part
from ingest.files.rows import read_rows
from ingest.sources import sources
from schemas.catalogue import example
from schemas.envelope import Envelope
from tests.conftest import Stack

pytestmark = pytest.mark.stack
TREASURY = "treasury.payout"


def paid(stack: Stack, item: str, count: int) -> list[dict[str, Any]]:
    """Payments that the treasury's file holds, as a source would describe them."""
    found: list[dict[str, Any]] = []
    source = sources()[TREASURY]
    for path in sorted((stack.county / TREASURY).glob("2024*.csv")):
        for part in opened(path, source.file.encoding):
            assert isinstance(part, Part)
            events = [row.event for row in read_rows(part, source).rows]
            found += [e.data for e in events if isinstance(e, Envelope) and is_first(e.data, item)]
        if len(found) >= count:
            return found[:count]
    raise AssertionError(f"the county has not {count} payments of {item}")


def is_first(payment: dict[str, Any], item: str) -> bool:
    """A payment that succeeded at once: neither returned, nor a top-up or a recovery."""
    return (payment["item_code"], payment["payout_kind"], payment["pay_result"]) == (item, "initial", "成功")


def check(stack: Stack, payments: Any, source: str = TREASURY) -> httpx.Response:
    url = f"{stack.urls['gateway']}/v1/payouts/check"
    headers = stack.headers(source, "application/json")
    return httpx.post(url, json=payments, headers=headers, timeout=120)


def test_lawful_payments_pass_and_one_without_a_certificate_is_held(stack: Stack) -> None:
    stack.wait_until_landed()
    lawful = paid(stack, "car_scrap", 3)
    # An invoice of its own: the example's is a payment's of the county, and A07 would hold that one too.
    other = {"pay_no": "NONE-1", "apply_no": "NONE-1", "old_vin": "L0Y585631KA999999", "cert_no": "NONE-1"}
    other["invoice_no"] = "99149999000099999999"
    bare = example("subsidy.paid")["data"] | other
    answer = check(stack, [*lawful, bare, {"pay_no": "1"}])
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["verdict"] for result in results] == ["pass", "pass", "pass", "hold", "rejected"], results
    reasons = {reason["rule"]: reason for reason in results[3]["reasons"]}
    assert reasons["A01"]["severity"] == "R"
    assert reasons["A01"]["question"].endswith("？")
    assert "L0Y585631KA999999" not in answer.text
    assert results[4]["field"] == "data.paid_at"
    ((stored,),) = stack.clickhouse("SELECT count() FROM landing.subsidy_paid WHERE cert_no = 'NONE-1'")
    assert stored == 0


def test_two_payments_of_one_car_in_one_request_are_judged_together(stack: Stack) -> None:
    (lawful,) = paid(stack, "car_scrap", 1)
    assert check(stack, lawful).json()["results"][0]["verdict"] == "pass"
    twin = lawful | {"pay_no": "TWIN-1", "apply_no": "TWIN-1"}
    results = check(stack, [lawful, twin]).json()["results"]
    assert [result["verdict"] for result in results] == ["hold", "hold"]
    assert all("A04" in {reason["rule"] for reason in result["reasons"]} for result in results)


def test_who_does_not_pay_may_not_ask(stack: Stack) -> None:
    assert check(stack, {}, "police.transfer").status_code == 403
    assert check(stack, []).status_code == 422
    assert check(stack, [{}] * 501).status_code == 413


def test_a_file_is_checked_at_the_command_line(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payouts, "settings", lambda: stack.settings)
    file = min((stack.county / TREASURY).glob("2024*.csv"), key=lambda path: path.stat().st_size)
    begun = time.monotonic()
    result = CliRunner().invoke(payouts.app, ["check", str(file), "--source", TREASURY], catch_exceptions=False)
    assert "hold 0" in result.stdout.splitlines()[-1], result.stdout
    assert time.monotonic() - begun < 120
