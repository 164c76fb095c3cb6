"""补贴拨付: the treasury pays, tops up, takes back or reissues one subsidy payment."""

from typing import Annotated, Literal

from pydantic import AwareDatetime

from schemas.event import EventData
from schemas.fields import Account, Code, Day, PersonId, PersonName, Phone, Text, Town, Vin, Yuan
from schemas.marks import CodeList


class SubsidyPaid(EventData, event_type="subsidy.paid", key=("pay_no", "paid_at"), day="paid_at", amount="amount_yuan"):
    """Source: 县财政局, 国库集中支付 and 一卡通. A recovery is a negative row of its own, never an edit."""

    pay_no: Code
    """支付凭证号."""
    paid_at: AwareDatetime
    """支付时间; its day is the payment's."""
    apply_no: Code
    """申请编号: the business key of the case."""
    batch_no: Code
    original_pay_no: Code | None = None
    """The payment that a top-up, refund or reissue refers to."""
    payout_kind: Literal["initial", "topup", "refund", "reissue"]
    item_code: Annotated[str, CodeList("subsidy_item")]
    rule_version: Code
    amount_yuan: Yuan
    pay_result: Literal["成功", "退回", "处理中"]
    confirmed_at: AwareDatetime | None = None
    applied_on: Day
    reviewed_on: Day | None = None
    fund_source: Annotated[str, CodeList("fund_source")]
    budget_subject: Code
    """预算科目."""
    remark: Text | None = None
    payee: PersonName
    """收款人: for instant discounts the merchant or platform."""
    account: Account
    bank: Text
    applicant: PersonName
    applicant_id: PersonId | None = None
    phone: Phone | None = None
    old_vin: Vin | None = None
    new_vin: Vin | None = None
    cert_no: Code | None = None
    invoice_no: Code | None = None
    goods_category: Annotated[str, CodeList("goods_category")] | None = None
    """For appliances: the category bought."""
    serial_no: Code | None = None
    """For appliances: the serial number of the one bought."""
    town: Town
    """The applicant's town."""
