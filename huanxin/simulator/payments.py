"""The treasury's payments for one claim: a first payment, a return and its reissue, a top-up, a recovery."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.claims import Claim, Kind, Terms
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.months import working_day
from schemas.events.subsidy_paid import SubsidyPaid

RETURNED, RECOVERED = 0.015, 0.003
"""Shares of payments that the bank returns, and that are recovered later."""

_SUBJECTS = {"central": "21602-中央", "province": "21602-省级", "city": "21602-市级", "county": "21602-县级"}


def paid(county: County, claim: Claim, terms: Terms) -> Document:
    """One payment row."""
    dice = county.dice
    time = dice.hours(terms.day)
    data = SubsidyPaid(
        pay_no=county.numbers.dated("ZF", terms.day),
        paid_at=time,
        apply_no=claim.apply_no,
        batch_no=f"PC{terms.day:%Y%m%d}-{claim.item}",
        original_pay_no=terms.original,
        payout_kind=terms.kind,
        item_code=claim.item,
        rule_version=terms.version,
        amount_yuan=terms.amount.quantize(Decimal("0.01")),
        pay_result=terms.result,
        confirmed_at=time + timedelta(minutes=dice.randrange(3, 240)) if terms.result == "成功" else None,
        applied_on=claim.applied_on,
        reviewed_on=terms.reviewed_on or claim.reviewed_on,
        fund_source=claim.fund_source,
        budget_subject=_SUBJECTS[claim.fund_source],
        remark=terms.remark,
        payee=claim.payee,
        account=claim.account,
        account_kind=claim.account_kind,
        bank="演示农村商业银行阳城支行",
        applicant=claim.applicant.name,
        applicant_id=claim.applicant.person_id,
        phone=claim.applicant.phone,
        old_vin=claim.old_vin,
        new_vin=claim.new_vin,
        cert_no=claim.cert_no,
        invoice_no=claim.invoice_no,
        goods_category=claim.goods_category,
        serial_no=claim.serial_no,
        address=claim.address,
        sku=claim.sku,
        energy_grade=claim.energy_grade,
        merchant_uscc=claim.merchant_uscc,
        price_yuan=claim.price,
        registered_price_yuan=claim.registered_price,
        purchased_on=claim.purchased_on,
        town=claim.town,
    )
    return Document(claim.source, data, time, dice.reported(time))


def payments(county: County, claim: Claim, amount: Decimal, version: str, day: date) -> Iterator[Document]:
    """The first payment; where the bank returns it, the reissue within days; seldom, a recovery as a negative row."""
    dice = county.dice
    # A reissue that would come after the last day simulated never comes: such a payment is not returned.
    returned = dice.happens(RETURNED) and county.covers(max(day, claim.reviewed_on + timedelta(days=14)))
    if returned:  # paid early enough for the reissue to keep the same thirty days
        day = working_day(max(claim.reviewed_on + timedelta(days=1), day - timedelta(days=13)))
    first = paid(county, claim, Terms("initial", amount, version, day, "退回" if returned else "成功"))
    yield first
    number = pay_no(first)
    if returned:
        day = working_day(day + timedelta(days=dice.randrange(2, 11)))
        again = paid(county, claim, Terms("reissue", amount, version, day, original=number, remark="账户信息更正后重新拨付"))
        yield again
        number = pay_no(again)
    if dice.happens(RECOVERED):
        day = working_day(day + timedelta(days=dice.randrange(15, 60)))
        yield paid(county, claim, Terms("refund", -amount, version, day, original=number, remark="退货或更正,资金收回"))


def pay_no(document: Document) -> str:
    """The number of a payment document."""
    return _payment(document).pay_no


def payout_kind(document: Document) -> Kind:
    """Whether a payment document is a first payment, a top-up, a recovery or a reissue."""
    return _payment(document).payout_kind


def _payment(document: Document) -> SubsidyPaid:
    if not isinstance(document.data, SubsidyPaid):
        raise TypeError(f"{document.data.event_type} is not a payment")
    return document.data


def review_and_pay(county: County, applied: date) -> tuple[date, date]:
    """When a claim is reviewed and when it is paid: within 18 and 30 days, so never late by the clocks of the plan."""
    dice = county.dice
    reviewed = working_day(applied + timedelta(days=round(dice.triangular(5, 16, 14))))
    return reviewed, working_day(reviewed + timedelta(days=round(dice.triangular(6, 28, 27))))
