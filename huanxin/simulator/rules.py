"""Subsidy rules the synthetic county pays by. Versions all begin with 演示: these rows prove nothing about any real payment.

Car scrapping 2024–2026 follows the published amounts and cutoffs; replacement and farm figures are made up and look it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from huanxin.simulator.garage import Vehicle

TOPPED_UP_FROM = date(2024, 8, 16)
"""Payments from this day use the higher amounts of August 2024; what was paid before is topped up."""


@dataclass(frozen=True, slots=True)
class ScrapRule:
    """One year's rule for scrapping a private car and buying a new one."""

    version: str
    bought_from: date
    bought_to: date
    apply_to: date
    petrol_until: date
    other_until: date
    electric_until: date
    caps: tuple[int, int]
    """Electric and fuel, in yuan."""
    rates: tuple[Decimal, Decimal] | None = None
    """Share of the price, where the year pays by it."""

    def eligible(self, car: Vehicle) -> bool:
        """Whether the old car is private and old enough."""
        until = self.electric_until if car.electric else self.petrol_until if car.fuel == "A" else self.other_until
        return car.kind.vehicle_class == "K" and car.kind.use == "A" and car.registered <= until

    def amount(self, *, electric: bool, price: Decimal) -> Decimal:
        """What a new car of this price is worth."""
        cap = Decimal(self.caps[0 if electric else 1])
        if self.rates is None:
            return cap
        return min(cap, (price * self.rates[0 if electric else 1]).quantize(Decimal("0.01")))


SCRAP_RULES = (
    ScrapRule(
        version="演示-car_scrap-2024v2",
        bought_from=date(2024, 4, 24),
        bought_to=date(2024, 12, 31),
        apply_to=date(2025, 1, 10),
        petrol_until=date(2011, 6, 30),
        other_until=date(2013, 6, 30),
        electric_until=date(2018, 4, 30),
        caps=(20_000, 15_000),
    ),
    ScrapRule(
        version="演示-car_scrap-2025",
        bought_from=date(2025, 1, 1),
        bought_to=date(2025, 12, 31),
        apply_to=date(2026, 1, 10),
        petrol_until=date(2012, 6, 30),
        other_until=date(2014, 6, 30),
        electric_until=date(2018, 12, 31),
        caps=(20_000, 15_000),
    ),
    ScrapRule(
        version="演示-car_scrap-2026",
        bought_from=date(2026, 1, 1),
        bought_to=date(2026, 12, 31),
        apply_to=date(2027, 1, 10),
        petrol_until=date(2013, 6, 30),
        other_until=date(2015, 6, 30),
        electric_until=date(2019, 12, 31),
        caps=(20_000, 15_000),
        rates=(Decimal("0.12"), Decimal("0.10")),
    ),
)

FIRST_VERSION = "演示-car_scrap-2024v1"
FIRST_AMOUNTS = (Decimal(10_000), Decimal(7_000))
"""What was paid before August 2024: electric, fuel."""


def scrap_rule(day: date) -> ScrapRule | None:
    """The rule under which a car scrapped or bought on this day counts."""
    return next((rule for rule in SCRAP_RULES if rule.bought_from <= day <= rule.bought_to), None)


REPLACE_FROM = date(2024, 8, 20)
REPLACE_AMOUNTS = (Decimal(8_888), Decimal(6_666))
"""Made up: the amounts of 2024 were not found."""

TRUCK_FROM, TRUCK_TO, TRUCK_APPLY_TO = date(2024, 7, 31), date(2024, 12, 31), date(2025, 1, 10)
HEAVY_KG = 12_000
"""总质量 from which a truck is heavy."""
TRUCK_REGISTERED_UNTIL = date(2013, 6, 30)


def truck_scrap_amount(years_early: float, *, heavy: bool) -> Decimal:
    """The scrapping part for a 国三 diesel truck, by the years left to its compulsory end: under 1, 1–2, 2–4, 4 and more."""
    tier = 0 if years_early < 1 else 1 if years_early < 2 else 2 if years_early < 4 else 3
    return Decimal((0, 12_000, 35_000, 45_000)[tier] if heavy else (0, 10_000, 18_000, 25_000)[tier])


TRUCK_NEW = (Decimal(85_000), Decimal(55_000))
"""For a new heavy truck with three axles: electric, 国六."""
