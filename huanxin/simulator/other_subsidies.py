"""Subsidies for trucks, farm machines and standards."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.car_claims import car_claim
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.kinds import NEW_TRUCK
from huanxin.simulator.new_cars import purchase, registration
from huanxin.simulator.payments import payments
from huanxin.simulator.rules import (
    HEAVY_KG,
    TRUCK_APPLY_TO,
    TRUCK_FROM,
    TRUCK_NEW,
    TRUCK_REGISTERED_UNTIL,
    TRUCK_TO,
    truck_scrap_amount,
)
from huanxin.simulator.scrapped import Scrapped, compulsory_scrap_on

_FARM_FROM, _FARM_A_MONTH = date(2024, 6, 17), 11
_STANDARDS_A_MONTH = 0.5


def truck_subsidies(county: County, cars: list[Scrapped]) -> Iterator[Document]:
    """Owners of 国三 diesel trucks in commercial use who scrap one early; six in ten buy a new one."""
    for case in cars:
        if TRUCK_FROM <= case.handed_over <= TRUCK_TO and _counts(case):
            yield from _truck_case(county, case)


def _counts(case: Scrapped) -> bool:
    car = case.vehicle
    diesel = car.kind.vehicle_class in "HQ" and car.kind.use == "F" and car.fuel == "B"
    return diesel and car.registered <= TRUCK_REGISTERED_UNTIL and car.kerb_kg >= 5_000


def _truck_case(county: County, case: Scrapped) -> Iterator[Document]:
    end = compulsory_scrap_on(case.vehicle)
    amount = (
        truck_scrap_amount((end - case.handed_over).days / 365.25, heavy=case.vehicle.gross_kg >= HEAVY_KG)
        if end
        else Decimal(0)
    )
    if not amount:
        return
    bought = None
    papers = max(case.issued, case.cancelled)
    if county.dice.happens(0.6):
        day = min(case.handed_over + timedelta(days=county.dice.randrange(0, 40)), TRUCK_TO - timedelta(days=11))
        bought = purchase(county, case.owner, day, NEW_TRUCK)
        papers = max(papers, bought.registered)
        amount += TRUCK_NEW[0 if bought.vehicle.electric else 1]
        yield registration(county, bought)
    claim, paid_on = car_claim(
        county, "truck", case.owner, papers, bought=bought, old_vin=case.vehicle.vin, cert_no=case.cert_no
    )
    if claim.applied_on <= TRUCK_APPLY_TO and case.cancelled <= TRUCK_TO:
        yield from payments(county, claim, amount, "演示-truck-2024", paid_on)


def farm_subsidies(county: County) -> Iterator[Document]:
    """Farm machines scrapped and renewed; round made-up amounts, as the provincial table is not known."""
    for month in county.months:
        if month > _FARM_FROM:
            for _ in range(county.count(_FARM_A_MONTH)):
                claim, paid_on = car_claim(county, "farm", county.people.new(), county.dice.day_in(month))
                amount = Decimal(county.dice.choice((1_000, 2_500, 4_000, 6_000, 9_000, 12_000, 20_000)))
                yield from payments(county, claim, amount, f"演示-farm-{month.year}", paid_on)


def standards_subsidies(county: County) -> Iterator[Document]:
    """Main participants in national or local standards."""
    for month in county.months:
        if month > _FARM_FROM:
            for _ in range(county.count(_STANDARDS_A_MONTH)):
                claim, paid_on = car_claim(county, "standards", county.people.new(), county.dice.day_in(month))
                amount = Decimal(county.dice.choice((50_000, 200_000)))
                yield from payments(county, claim, amount, "演示-standards-2024", paid_on)
