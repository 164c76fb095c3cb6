"""A claim for a subsidy, and the terms of one payment for it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from huanxin.simulator.people import Person

AccountKind = Literal["个人", "单位", "商户", "一卡通"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is paid for, to whom, and on which papers."""

    source: str
    apply_no: str
    item: str
    applicant: Person
    applied_on: date
    reviewed_on: date
    fund_source: str
    payee: str
    account: str
    town: str
    old_vin: str | None = None
    new_vin: str | None = None
    cert_no: str | None = None
    invoice_no: str | None = None
    goods_category: str | None = None
    serial_no: str | None = None
    account_kind: AccountKind = "个人"
    address: str | None = None
    sku: str | None = None
    energy_grade: Literal["一级", "二级"] | None = None
    merchant_uscc: str | None = None
    price: Decimal | None = None
    registered_price: Decimal | None = None
    purchased_on: date | None = None


Kind = Literal["initial", "topup", "refund", "reissue"]
Result = Literal["成功", "退回", "处理中"]


@dataclass(frozen=True, slots=True)
class Terms:
    """One payment's own terms."""

    kind: Kind
    amount: Decimal
    version: str
    day: date
    result: Result = "成功"
    original: str | None = None
    reviewed_on: date | None = None
    """Where it has a review of its own, as a top-up has."""
    remark: str | None = None
