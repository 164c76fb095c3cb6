"""补贴拨付: the treasury pays, tops up, takes back or reissues one subsidy payment."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AwareDatetime

from schemas.check_digits import person_id_is_valid
from schemas.event import EventData
from schemas.fields import (
    Account,
    Address,
    ClaimedPersonId,
    Code,
    Day,
    PersonName,
    Phone,
    PositiveYuan,
    Text,
    Town,
    Uscc,
    Vin,
    Yuan,
)
from schemas.marks import CodeList

ADULT_YEARS = 18


class SubsidyPaid(
    EventData,
    event_type="subsidy.paid",
    key=("pay_no", "paid_at"),
    day="paid_at",
    amount="amount_yuan",
    derived=("applicant_check",),
):
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
    account_kind: Literal["个人", "单位", "商户", "一卡通"] = "个人"
    """Whose account it is; 一卡通 is a household's card, on which several members may lawfully be paid."""
    bank: Text
    applicant: PersonName
    applicant_id: ClaimedPersonId | None = None
    """A wrong check character or birth date is landed and asked about by supervision rule A35."""
    phone: Phone | None = None
    agent: PersonName | None = None
    """代办人, where somebody applies for the applicant."""
    agent_phone: Phone | None = None
    address: Address | None = None
    """For appliances: where it is delivered."""
    old_vin: Vin | None = None
    new_vin: Vin | None = None
    cert_no: Code | None = None
    invoice_no: Code | None = None
    goods_category: Annotated[str, CodeList("goods_category")] | None = None
    """For appliances: the category bought."""
    serial_no: Code | None = None
    """For appliances: the serial number of the one bought."""
    sku: Code | None = None
    """For appliances: 商品型号."""
    energy_grade: Literal["一级", "二级", "三级", "四级", "五级"] | None = None
    """For appliances: 能效等级."""
    merchant_uscc: Uscc | None = None
    """For appliances: the shop."""
    price_yuan: PositiveYuan | None = None
    """For appliances: 成交价, before the discount."""
    registered_price_yuan: PositiveYuan | None = None
    """For appliances: 备案价, what the shop registered for the model."""
    purchased_on: Day | None = None
    """For appliances: the invoice's day; for cars the new car's own document says it."""
    town: Town
    """The applicant's town."""

    @property
    def applicant_check(self) -> Literal["valid", "invalid", "minor", "absent"]:
        """What the applicant's identity number says of itself: kept instead of the birth date in it."""
        number = self.applicant_id
        if number is None:
            return "absent"
        if not person_id_is_valid(number):
            return "invalid"
        bought = self.purchased_on or self.applied_on
        return "minor" if (bought.year, bought.month, bought.day) < _comes_of_age(number[6:14]) else "valid"


@lru_cache(maxsize=65_536)
def _comes_of_age(birthday: str) -> tuple[int, int, int]:
    """Year, month and day; in a year without 29 February such a birthday is after the 28th and before 1 March."""
    return int(birthday[:4]) + ADULT_YEARS, int(birthday[4:6]), int(birthday[6:])
