"""Appliance subsidies: an instant discount in the shop, which the treasury pays back to it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.claims import Claim
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.firms import SHOPS
from huanxin.simulator.months import working_day
from huanxin.simulator.payments import payments
from huanxin.simulator.people import Person

_FROM = date(2024, 7, 24)
_SALES = {(2024, 7): 480, (2024, 8): 2_450, (2024, 9): 3_350, (2024, 10): 4_000, (2024, 11): 4_400, (2024, 12): 4_500}
_LATER_SALES = 1_500
_LAST_YEAR = 2025
"""The eight categories of 2024 are simulated to the end of 2025; 2026 has other categories."""

_PRICES = {
    "冰箱": 3_800,
    "洗衣机": 2_900,
    "电视": 3_400,
    "空调": 3_300,
    "电脑": 5_200,
    "热水器": 2_300,
    "灶具": 1_300,
    "油烟机": 2_600,
}
_DEMAND = {"冰箱": 0.17, "洗衣机": 0.15, "电视": 0.16, "空调": 0.25, "电脑": 0.08, "热水器": 0.08, "灶具": 0.05, "油烟机": 0.06}
_FUNDS = {"central": 0.85, "province": 0.1, "county": 0.05}
_CAP = Decimal(2_000)
_SKUS = 40
"""Models of each category."""
_MOST = 4
"""Categories one person buys at most."""


def appliance_subsidies(county: County) -> Iterator[Document]:
    """Each person buys at most one of each category, some several of them."""
    dice = county.dice
    buyers: list[tuple[Person, set[str]]] = []
    for month in county.months:
        if month < _FROM.replace(day=1) or month.year > _LAST_YEAR:
            continue
        for _ in range(county.count(_SALES.get((month.year, month.month), _LATER_SALES))):
            category = dice.one_of(_DEMAND)
            buyer, had = dice.choice(buyers) if buyers and dice.happens(0.35) else (county.people.new(), set[str]())
            if category in had or len(had) == _MOST:
                buyer, had = county.people.new(), set[str]()
            if not had:
                buyers.append((buyer, had))
            had.add(category)
            claim, amount, paid_on = appliance_claim(county, buyer, category, max(dice.day_in(month), _FROM))
            yield from payments(county, claim, amount, appliance_version(claim), paid_on)


def appliance_version(claim: Claim) -> str:
    """The rule version that the shop names."""
    return f"演示-appliance-{claim.applied_on.year}"


def appliance_claim(county: County, buyer: Person, category: str, day: date) -> tuple[Claim, Decimal, date]:
    """One sale: the claim, its amount, and the day it is paid."""
    dice = county.dice
    shop = dice.choice(SHOPS)
    sku = dice.randrange(_SKUS)
    # Each model has its own registered price; shops sell at it or a little below.
    registered = Decimal(round(_PRICES[category] * (0.5 + 1.5 * sku / _SKUS)))
    price = (registered * Decimal(f"{dice.uniform(0.93, 1):.3f}")).quantize(Decimal("0.01"))
    first_grade = sku % 10 < 7
    rate = Decimal("0.20") if first_grade else Decimal("0.15")
    reviewed = working_day(day + timedelta(days=dice.randrange(2, 9)))
    claim = Claim(
        source="shop.appliance",
        apply_no=county.numbers.dated("JD", day),
        item="appliance",
        applicant=buyer,
        applied_on=day,
        reviewed_on=reviewed,
        fund_source=dice.one_of(_FUNDS),
        payee=shop.name,
        account=shop.account,
        town=buyer.town,
        invoice_no=county.numbers.invoice(),
        goods_category=category,
        serial_no=county.numbers.dated("SN", day),
        account_kind="商户",
        address=buyer.address,
        sku=f"YS-{category}-{sku:02d}",
        energy_grade="一级" if first_grade else "二级",
        merchant_uscc=shop.uscc,
        price=price,
        registered_price=registered,
        purchased_on=day,
    )
    amount = min(_CAP, (price * rate).quantize(Decimal("0.01")))
    return claim, amount, working_day(reviewed + timedelta(days=dice.randrange(5, 24)))
