"""New cars: bought from a dealer, invoiced and registered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.firms import LOCAL_DEALERS, OTHER_DEALERS, Firm
from huanxin.simulator.garage import Vehicle
from huanxin.simulator.kinds import NEW_BIG, NEW_FUEL, NEW_NEV, NEW_TRUCK, Kind
from huanxin.simulator.months import FLOW, working_day
from huanxin.simulator.people import Person
from schemas.events.newcar_registered import NewcarRegistered

NEW_A_YEAR = 6_000
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Purchase:
    """A new car bought."""

    vehicle: Vehicle
    buyer: Person
    dealer: Firm
    invoiced: date
    registered: date
    price: Decimal
    invoice_no: str


def purchase(county: County, buyer: Person, day: date, kind: Kind | None = None) -> Purchase:
    """A new car, invoiced on this day and registered within ten."""
    dice = county.dice
    kind = kind or dice.one_of(new_kinds(day))
    price = dice.skewed(320_000 if kind is NEW_TRUCK else 105_000, 0.35, 38_000, 600_000)
    registered = working_day(day + timedelta(days=dice.randrange(9)))
    return Purchase(
        vehicle=county.garage.new(kind, registered),
        buyer=buyer,
        dealer=dice.choice(LOCAL_DEALERS if dice.happens(0.7) else OTHER_DEALERS),
        invoiced=day,
        registered=registered,
        price=Decimal(round(price, -2)).quantize(_CENT),
        invoice_no=county.numbers.invoice(),
    )


def new_kinds(day: date) -> dict[Kind, float]:
    """What people buy: the electric share rises from 30 % at about one point a month, up to 60 %."""
    electric = min(0.6, 0.30 + 0.007 * ((day.year - 2023) * 12 + day.month - 1))
    return {NEW_NEV: electric, NEW_BIG: 0.04, NEW_TRUCK: 0.02, NEW_FUEL: 0.94 - electric}


def registration(county: County, bought: Purchase) -> Document:
    """The new car's invoice and first registration."""
    car, time = bought.vehicle, county.dice.hours(bought.registered)
    data = NewcarRegistered(
        vin=car.vin,
        registered_on=bought.registered,
        invoice_no=bought.invoice_no,
        invoiced_on=bought.invoiced,
        invoice_status="0",
        price_yuan=bought.price,
        tax_yuan=(bought.price / Decimal("1.13") * Decimal("0.13")).quantize(_CENT),
        seller=bought.dealer.name,
        seller_uscc=bought.dealer.uscc,
        seller_county=bought.dealer.division,
        vehicle_class=car.kind.vehicle_class,
        model=car.model,
        conformity_no=f"YSHGZ{car.vin[-7:]}",
        engine_no=car.engine_no,
        displacement_ml=car.displacement_ml,
        axles=3 if car.kind is NEW_TRUCK else None,
        emission_stage=car.stage,
        gross_kg=Decimal(car.gross_kg),
        fuel_code=car.fuel,
        nev_catalogue=car.electric,
        buyer=bought.buyer.name,
        buyer_id=bought.buyer.person_id,
        town=bought.buyer.town,
    )
    return Document("police.registration", data, time, county.dice.reported(time))


def registrations(county: County, month: date, already: int) -> Iterator[Document]:
    """The month's other new cars, beside those that belong to a subsidy case."""
    for _ in range(county.count(NEW_A_YEAR / 12 * FLOW[month.month - 1]) - already):
        yield registration(county, purchase(county, county.people.new(), county.dice.day_in(month)))
