"""The application for one car subsidy: applied for after the last paper, reviewed, and paid."""

from datetime import date, timedelta

from huanxin.simulator.claims import Claim
from huanxin.simulator.county import County
from huanxin.simulator.new_cars import Purchase
from huanxin.simulator.payments import review_and_pay
from huanxin.simulator.people import Person
from huanxin.simulator.towns import COUNTY

_FUNDS = {"central": 0.85, "province": 0.1, "city": 0.05}
_LOCAL_FUNDS = {"central": 0.8, "province": 0.1, "city": 0.05, "county": 0.05}
"""Only a car bought in the county may be paid from the county's own fund."""


def car_claim(
    county: County,
    item: str,
    applicant: Person,
    last_paper: date,
    *,
    bought: Purchase | None = None,
    old_vin: str | None = None,
    cert_no: str | None = None,
) -> tuple[Claim, date]:
    """The claim, and the day of its first payment."""
    applied = last_paper + timedelta(days=round(county.dice.skewed(10, 0.6, 1, 60)))
    reviewed, day = review_and_pay(county, applied)
    local = bought is not None and bought.dealer.division == COUNTY
    claim = Claim(
        source="treasury.payout",
        apply_no=county.numbers.dated("SQ", applied),
        item=item,
        applicant=applicant,
        applied_on=applied,
        reviewed_on=reviewed,
        fund_source=county.dice.one_of(_LOCAL_FUNDS if local else _FUNDS),
        payee=applicant.name,
        account=applicant.account,
        town=applicant.town,
        old_vin=old_vin,
        new_vin=bought.vehicle.vin if bought else None,
        cert_no=cert_no,
        invoice_no=bought.invoice_no if bought else None,
    )
    return claim, day
