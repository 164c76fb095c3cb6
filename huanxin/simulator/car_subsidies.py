"""Subsidies for private cars: scrap one and buy one, or sell one and buy one."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.car_claims import car_claim
from huanxin.simulator.claims import Claim, Terms
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.kinds import CAR, NEW_FUEL, NEW_NEV
from huanxin.simulator.months import working_day
from huanxin.simulator.new_cars import purchase, registration
from huanxin.simulator.payments import paid, pay_no, payments, payout_kind
from huanxin.simulator.rules import (
    FIRST_AMOUNTS,
    FIRST_VERSION,
    REPLACE_AMOUNTS,
    REPLACE_FROM,
    TOPPED_UP_FROM,
    ScrapRule,
    scrap_rule,
)
from huanxin.simulator.scrapped import Scrapped
from huanxin.simulator.used_cars import transfer, used_car

_UPTAKE = 0.88
_ELECTRIC = 0.52
_REPLACEMENTS_A_MONTH = 310


def scrap_subsidies(county: County, cars: list[Scrapped]) -> Iterator[Document]:
    """The new cars of those who scrapped a private one, and the treasury's payments for them."""
    for case in cars:
        rule = scrap_rule(case.handed_over)
        if rule and rule.eligible(case.vehicle) and county.dice.happens(_UPTAKE):
            yield from _scrap_case(county, case, rule)


def _scrap_case(county: County, case: Scrapped, rule: ScrapRule) -> Iterator[Document]:
    dice = county.dice
    wished = case.handed_over + timedelta(days=dice.randrange(-45, 46))
    # Bought within the rule's window, registration included, and not before the simulation begins.
    day = min(max(wished, rule.bought_from, county.options.first), rule.bought_to - timedelta(days=11))
    bought = purchase(county, case.owner, day, NEW_NEV if dice.happens(_ELECTRIC) else NEW_FUEL)
    yield registration(county, bought)
    papers = max(case.issued, case.cancelled, bought.registered)
    claim, day = car_claim(
        county, "car_scrap", case.owner, papers, bought=bought, old_vin=case.vehicle.vin, cert_no=case.cert_no
    )
    if claim.applied_on > rule.apply_to or case.cancelled > rule.bought_to:
        return
    electric = bought.vehicle.electric
    full = rule.amount(electric=electric, price=bought.price)
    if day >= TOPPED_UP_FROM:
        yield from payments(county, claim, full, rule.version, day)
        return
    first = FIRST_AMOUNTS[0 if electric else 1]
    rows = list(payments(county, claim, first, FIRST_VERSION, day))
    yield from rows
    if payout_kind(rows[-1]) != "refund":  # what was recovered is not topped up
        yield _topup(county, claim, pay_no(rows[-1]), full - first, rule.version)


def _topup(county: County, claim: Claim, original: str, amount: Decimal, version: str) -> Document:
    """Pay the 补差 of August 2024, reviewed anew and paid within the month."""
    reviewed = working_day(TOPPED_UP_FROM + timedelta(days=county.dice.randrange(14, 45)))
    terms = Terms(
        kind="topup",
        amount=amount,
        version=version,
        day=working_day(reviewed + timedelta(days=county.dice.randrange(5, 26))),
        original=original,
        reviewed_on=reviewed,
        remark="2024年8月提标补差",
    )
    return paid(county, claim, terms)


def replace_subsidies(county: County) -> Iterator[Document]:
    """People who sell their car within the county's register, buy a new one, and apply."""
    for month in county.months:
        share = 0.4 if month == REPLACE_FROM.replace(day=1) else 1.0 if month > REPLACE_FROM else 0.0
        for _ in range(county.count(_REPLACEMENTS_A_MONTH * share)):
            yield from _replace_case(county, max(county.dice.day_in(month), REPLACE_FROM))


def _replace_case(county: County, day: date) -> Iterator[Document]:
    dice = county.dice
    applicant, sold = county.people.new(), working_day(day)
    car = used_car(county, sold, CAR)
    yield transfer(county, car, applicant, county.people.new(), sold, "本地")
    wished = sold + timedelta(days=dice.randrange(-20, 31))
    invoiced = max(wished, REPLACE_FROM, county.options.first)
    bought = purchase(county, applicant, invoiced, NEW_NEV if dice.happens(_ELECTRIC) else NEW_FUEL)
    yield registration(county, bought)
    claim, paid_on = car_claim(county, "car_replace", applicant, max(sold, bought.registered), bought=bought, old_vin=car.vin)
    amount = REPLACE_AMOUNTS[0 if bought.vehicle.electric else 1]
    yield from payments(county, claim, amount, f"演示-car_replace-{claim.applied_on.year}", paid_on)
