"""Scrapped cars: who hands over which car to which recycler, and when it is certified and struck from the register."""

from dataclasses import dataclass
from datetime import date, timedelta

from huanxin.simulator.county import County
from huanxin.simulator.firms import RECYCLERS, Firm
from huanxin.simulator.garage import Vehicle
from huanxin.simulator.kinds import SCRAPPED
from huanxin.simulator.months import SEASON, scrap_policy, working_day
from huanxin.simulator.people import Person

SCRAPS_A_MONTH = 110


@dataclass(frozen=True, slots=True)
class Scrapped:
    """One car's end: the dates of 交车, 证明 and 注销."""

    vehicle: Vehicle
    owner: Person
    recycler: Firm
    cert_no: str
    handed_over: date
    issued: date
    cancelled: date


def scrapped_cars(county: County) -> list[Scrapped]:
    """Every car scrapped in the months simulated, in no particular order within a month."""
    cars = []
    for month in county.months:
        for _ in range(county.count(SCRAPS_A_MONTH * SEASON[month.month - 1] * scrap_policy(month))):
            cars.append(_scrapped(county, county.dice.day_in(month)))
    return cars


def _scrapped(county: County, day: date) -> Scrapped:
    dice = county.dice
    # Every car handed over is certified and struck off within the months simulated: what would follow later never comes here,
    # and a clean world leaves nothing open.
    issued = min(day + timedelta(days=dice.randrange(4)), county.options.last)
    # The office is owed the car within 30 days; a clean world keeps to it, weekends included.
    lag = round(dice.skewed(7, 0.6, 0, 27))
    cancelled = working_day(issued + timedelta(days=lag))
    if cancelled > county.options.last:
        cancelled = issued + timedelta(days=dice.randrange((county.options.last - issued).days + 1))
    return Scrapped(
        vehicle=county.garage.aged(dice.one_of(SCRAPPED), day),
        owner=county.people.new(),
        recycler=RECYCLERS[0] if dice.happens(0.6) else RECYCLERS[1],
        cert_no=county.numbers.dated("HSZM", issued),
        handed_over=day,
        issued=issued,
        cancelled=cancelled,
    )


def compulsory_scrap_on(car: Vehicle) -> date | None:
    """Fifteen years for trucks, eight for cabs; none for private cars, as 商务部令2012年第12号 has it."""
    years = {"H": 15, "Q": 15, "Z": 30, "B": 15, "N": 12}.get(car.kind.vehicle_class, 8 if car.kind.use == "D" else 0)
    return car.registered + timedelta(days=round(years * 365.25)) if years else None
