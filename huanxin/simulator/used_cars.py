"""Used cars change hands, within the county, into it and out of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.firms import MARKETS
from huanxin.simulator.garage import Vehicle
from huanxin.simulator.kinds import CAR, HEAVY_TRUCK, LIGHT_TRUCK, Kind
from huanxin.simulator.months import FLOW, working_day
from huanxin.simulator.people import Person
from huanxin.simulator.towns import COUNTY, NEIGHBOURS, OUTSIDE
from schemas.events.usedcar_transferred import UsedcarTransferred

USED_A_YEAR = 5_000
_USED_KINDS = {CAR: 0.9, LIGHT_TRUCK: 0.07, HEAVY_TRUCK: 0.03}
_CENT = Decimal("0.01")

InOut = Literal["本地", "转入", "转出"]


def transfer(county: County, car: Vehicle, seller: Person, buyer: Person, day: date, in_out: InOut) -> Document:
    """The 转让登记 of one used car."""
    dice, time = county.dice, county.dice.hours(day)
    elsewhere = dice.choice(tuple(NEIGHBOURS))
    target = elsewhere if in_out == "转出" else COUNTY
    age = max(0.5, (day - car.registered).days / 365.25)
    data = UsedcarTransferred(
        vin=car.vin,
        transferred_on=day,
        serial_no=county.numbers.dated("ZR", day),
        plate=car.plate,
        vehicle_class=car.kind.vehicle_class,
        model=car.model,
        first_registered_on=car.registered,
        in_out=in_out,
        from_division=elsewhere if in_out == "转入" else COUNTY,
        to_division=target,
        to_authority=f"演示车辆管理所({'阳城县' if target == COUNTY else NEIGHBOURS[target]})",
        price_yuan=Decimal(round(dice.skewed(90_000 * 0.86**age, 0.3, 3_000, 400_000), -2)).quantize(_CENT),
        market=dice.choice(MARKETS).name,
        invoice_no=county.numbers.invoice(),
        invoice_status="0",
        mileage_km=round(age * dice.between(11_000, 2_500, 4_000, 25_000)),
        seller=seller.name,
        seller_id=seller.person_id,
        seller_address=seller.address,
        seller_phone=seller.phone,
        buyer=buyer.name,
        buyer_id=buyer.person_id,
        buyer_address=buyer.address,
        buyer_phone=buyer.phone,
        town=seller.town if in_out == "转出" else buyer.town,
    )
    return Document("police.transfer", data, time, dice.reported(time))


def used_car(county: County, day: date, kind: Kind | None = None) -> Vehicle:
    """A car of some years that its owner sells on this day."""
    years = county.dice.between(6.5, 2.8, 0.8, 14)
    return county.garage.new(kind or county.dice.one_of(_USED_KINDS), day - timedelta(days=round(years * 365.25)))


def transfers(county: County, month: date, already: int) -> Iterator[Document]:
    """The month's other transfers, beside those that belong to a subsidy case."""
    growth = 1.0 if month < date(2024, 1, 1) else 1.05 if month < date(2024, 9, 1) else 1.25
    for _ in range(county.count(USED_A_YEAR / 12 * FLOW[month.month - 1] * growth) - already):
        day = working_day(county.dice.day_in(month))
        in_out: InOut = county.dice.one_of({"本地": 0.6, "转入": 0.25, "转出": 0.15})
        seller = county.people.new(OUTSIDE if in_out == "转入" else None)
        buyer = county.people.new(OUTSIDE if in_out == "转出" else None)
        yield transfer(county, used_car(county, day), seller, buyer, day, in_out)
