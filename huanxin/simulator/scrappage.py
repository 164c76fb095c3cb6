"""The papers of scrapping: the recycler's certificate and the police's deregistration."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.garage import Vehicle
from huanxin.simulator.kinds import CAR, CERTIFICATE_FUEL, CERTIFICATE_USE
from huanxin.simulator.months import working_day
from huanxin.simulator.people import Person
from huanxin.simulator.scrapped import Scrapped, compulsory_scrap_on
from huanxin.simulator.towns import COUNTY
from schemas.events.scrappage_certified import ScrappageCertified
from schemas.events.scrappage_deregistered import ScrappageDeregistered

LOSSES_A_MONTH = {"灭失": 2.5, "退车": 1.2, "出境": 0.5}


def certificate(county: County, case: Scrapped) -> Document:
    """The recycler's 回收证明."""
    car, owner = case.vehicle, case.owner
    time = county.dice.hours(case.issued)
    data = ScrappageCertified(
        cert_no=case.cert_no,
        issued_on=case.issued,
        recycler=case.recycler.name,
        recycler_uscc=case.recycler.uscc,
        recycler_division=case.recycler.division,
        vin=car.vin,
        plate=car.plate,
        vehicle_class=car.kind.vehicle_class,
        use_code=CERTIFICATE_USE[car.kind.use],
        fuel_code=CERTIFICATE_FUEL[car.fuel],
        model=car.model,
        kerb_kg=Decimal(car.kerb_kg),
        emission_stage=car.stage,
        first_registered_on=car.registered,
        handed_over_on=case.handed_over,
        engine_no=car.engine_no,
        battery_code=car.battery_code,
        owner=owner.name,
        owner_id=owner.person_id,
        phone=owner.phone,
        address=owner.address,
        town=owner.town,
    )
    return Document("recycler.certificate", data, time, county.dice.reported(time))


Reason = Literal["报废", "灭失", "退车", "出境"]


def deregistration(county: County, car: Vehicle, owner: Person, day: date, reason: Reason = "报废") -> Document:
    """The police's 注销证明书."""
    time = county.dice.hours(day)
    data = ScrappageDeregistered(
        vin=car.vin,
        cancelled_on=day,
        plate_kind=car.plate_kind,
        plate=car.plate,
        vehicle_class=car.kind.vehicle_class,
        use_code=car.kind.use,
        fuel_code=car.fuel,
        displacement_ml=car.displacement_ml,
        kerb_kg=Decimal(car.kerb_kg),
        gross_kg=Decimal(car.gross_kg),
        first_registered_on=car.registered,
        compulsory_scrap_on=compulsory_scrap_on(car),
        emission_stage=car.stage,
        cancel_reason=reason,
        state="E",
        authority=f"{COUNTY}000000",
        division=COUNTY,
        engine_no=car.engine_no,
        owner=owner.name,
        owner_id=owner.person_id,
        model=car.model,
        town=owner.town,
    )
    return Document("police.deregistration", data, time, county.dice.reported(time))


def lost_cars(county: County) -> Iterator[Document]:
    """Cars struck from the register without being scrapped: lost, returned to the maker, taken abroad."""
    reasons: tuple[Reason, ...] = ("灭失", "退车", "出境")
    for month in county.months:
        for reason in reasons:
            for _ in range(county.count(LOSSES_A_MONTH[reason])):
                day = working_day(county.dice.day_in(month))
                years = 0.3 if reason == "退车" else county.dice.between(8, 3, 1, 16)
                car = county.garage.new(CAR, day - timedelta(days=round(years * 365.25)))
                yield deregistration(county, car, county.people.new(), day, reason)
