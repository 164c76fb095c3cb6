"""Lawful cases of the second county, whose documents a rule's file then changes: every paper there, every date in order."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.anomalies.plant import Plant
from huanxin.simulator.appliances import appliance_claim, appliance_version
from huanxin.simulator.claims import Claim, Terms
from huanxin.simulator.document import Document
from huanxin.simulator.firms import LOCAL_DEALERS, RECYCLERS
from huanxin.simulator.garage import Vehicle, emission_stage
from huanxin.simulator.kinds import CAR, HEAVY_TRUCK, NEW_FUEL, NEW_NEV
from huanxin.simulator.months import working_day
from huanxin.simulator.new_cars import Purchase, purchase, registration
from huanxin.simulator.payments import paid, pay_no
from huanxin.simulator.people import Person
from huanxin.simulator.rules import FIRST_AMOUNTS, FIRST_VERSION, HEAVY_KG, REPLACE_AMOUNTS, SCRAP_RULES, truck_scrap_amount
from huanxin.simulator.scrappage import certificate, deregistration
from huanxin.simulator.scrapped import Scrapped, compulsory_scrap_on
from huanxin.simulator.used_cars import transfer, used_car

RULE_2024 = SCRAP_RULES[0]
SHOPPING = (date(2024, 8, 20), date(2024, 10, 10))
"""When planted cars are handed over: all is paid at once by the higher amounts, and within the year."""


@dataclass(slots=True)
class ScrapCase:
    """A car scrapped, a new one bought, a subsidy paid."""

    car: Scrapped
    bought: Purchase
    claim: Claim
    paid_on: date
    certificate: Document
    deregistration: Document
    registration: Document
    payouts: list[Document]

    def documents(self) -> list[Document]:
        """All of them."""
        return [self.certificate, self.deregistration, self.registration, *self.payouts]

    @property
    def apply(self) -> str:
        """The case key of the application."""
        return f"apply:{self.claim.apply_no}"

    @property
    def old_vin(self) -> str:
        """The case key of the old car."""
        return f"vin:{self.car.vehicle.vin}"

    @property
    def new_vin(self) -> str:
        """The case key of the new car."""
        return f"vin:{self.bought.vehicle.vin}"


def old_car(plant: Plant, registered: date | None = None, fuel: str = "A") -> Vehicle:
    """A private car, by default old enough for the subsidy."""
    registered = registered or plant.day(date(2006, 1, 1), date(2010, 12, 31))
    car = plant.county.garage.new(CAR, registered)
    return replace(car, fuel=fuel, stage=emission_stage(fuel, registered))


def handed_over(
    plant: Plant, day: date, car: Vehicle | None = None, owner: Person | None = None, recycler: int = 0
) -> Scrapped:
    """A car brought to a recycler and struck off within ten days; it is weighed at the end of the planting."""
    issued = day + timedelta(days=1)
    case = Scrapped(
        vehicle=car or old_car(plant),
        owner=owner or plant.county.people.new(),
        recycler=RECYCLERS[recycler],
        cert_no=plant.county.numbers.dated("HSZM", issued),
        handed_over=day,
        issued=issued,
        cancelled=working_day(issued + timedelta(days=plant.county.dice.randrange(2, 8))),
    )
    plant.cars.append(case)
    return case


def scrap_case(
    plant: Plant,
    day: date | None = None,
    *,
    car: Vehicle | None = None,
    owner: Person | None = None,
    first_amounts: bool = False,
) -> ScrapCase:
    """A whole case. With `first_amounts` it is paid by the amounts of before August 2024, and not topped up."""
    county, dice = plant.county, plant.county.dice
    case = handed_over(plant, day or plant.day(*SHOPPING), car, owner, dice.randrange(2))
    electric = dice.happens(0.5)
    bought = purchase(county, case.owner, case.handed_over + timedelta(days=1), NEW_NEV if electric else NEW_FUEL)
    bought = replace(bought, dealer=dice.choice(LOCAL_DEALERS))
    applied = max(case.cancelled, bought.registered) + timedelta(days=dice.randrange(2, 8))
    claim, paid_on = claim_of(plant, "car_scrap", case.owner, applied)
    claim = replace(
        claim, old_vin=case.vehicle.vin, new_vin=bought.vehicle.vin, cert_no=case.cert_no, invoice_no=bought.invoice_no
    )
    amount = FIRST_AMOUNTS[0 if electric else 1] if first_amounts else RULE_2024.amount(electric=electric, price=bought.price)
    version = FIRST_VERSION if first_amounts else RULE_2024.version
    return ScrapCase(
        car=case,
        bought=bought,
        claim=claim,
        paid_on=paid_on,
        certificate=certificate(county, case),
        deregistration=deregistration(county, case.vehicle, case.owner, case.cancelled),
        registration=registration(county, bought),
        payouts=[paid(county, claim, Terms("initial", amount, version, paid_on))],
    )


def topup(plant: Plant, case: ScrapCase, day: date) -> Document:
    """The 补差 of a case that was paid by the first amounts."""
    electric = case.bought.vehicle.electric
    amount = RULE_2024.amount(electric=electric, price=case.bought.price) - FIRST_AMOUNTS[0 if electric else 1]
    terms = Terms(
        "topup", amount, RULE_2024.version, day, original=pay_no(case.payouts[0]), reviewed_on=day - timedelta(days=9)
    )
    return paid(plant.county, case.claim, terms)


def refund(plant: Plant, claim: Claim, first: Document, day: date) -> Document:
    """The whole first payment taken back."""
    terms = Terms("refund", -amount_of(first), "演示", day, original=pay_no(first), remark="资金收回")
    return paid(plant.county, claim, terms)


def amount_of(payout: Document) -> Decimal:
    """What a payment document pays."""
    return Decimal(getattr(payout.data, "amount_yuan"))  # noqa: B009  the model is one of several


def claim_of(plant: Plant, item: str, applicant: Person, applied: date) -> tuple[Claim, date]:
    """An application of this day, reviewed and paid in good time from the central fund."""
    county, dice = plant.county, plant.county.dice
    reviewed = working_day(applied + timedelta(days=dice.randrange(6, 11)))
    claim = Claim(
        source="treasury.payout",
        apply_no=county.numbers.dated("SQ", applied),
        item=item,
        applicant=applicant,
        applied_on=applied,
        reviewed_on=reviewed,
        fund_source="central",
        payee=applicant.name,
        account=applicant.account,
        town=applicant.town,
    )
    return claim, working_day(reviewed + timedelta(days=dice.randrange(7, 18)))


def farm_case(plant: Plant, applicant: Person | None = None, applied: date | None = None) -> tuple[Claim, Document]:
    """A farm machine's subsidy: one payment and no other paper."""
    applicant = applicant or plant.county.people.new()
    claim, day = claim_of(plant, "farm", applicant, applied or plant.day(date(2024, 7, 1), date(2024, 10, 20)))
    return claim, paid(plant.county, claim, Terms("initial", Decimal(4_000), "演示-farm-2024", day))


def appliance_case(plant: Plant, buyer: Person, category: str, day: date | None = None) -> tuple[Claim, Document]:
    """One appliance bought and its discount paid back to the shop."""
    claim, amount, paid_on = appliance_claim(
        plant.county, buyer, category, day or plant.day(date(2024, 8, 1), date(2024, 11, 5))
    )
    claim = replace(claim, fund_source="central")
    return claim, paid(plant.county, claim, Terms("initial", amount, appliance_version(claim), paid_on))


def replace_case(plant: Plant, owner: Person, bought: Purchase, day: date) -> tuple[Claim, list[Document]]:
    """A used car sold and the new one subsidised; the registration of the new one is the caller's."""
    county = plant.county
    sold = working_day(day)
    car = used_car(county, sold, CAR)
    claim, paid_on = claim_of(plant, "car_replace", owner, max(sold, bought.registered) + timedelta(days=3))
    claim = replace(claim, old_vin=car.vin, new_vin=bought.vehicle.vin, invoice_no=bought.invoice_no)
    amount = REPLACE_AMOUNTS[0 if bought.vehicle.electric else 1]
    payout = paid(county, claim, Terms("initial", amount, "演示-car_replace-2024", paid_on))
    return claim, [transfer(county, car, owner, county.people.new(), sold, "本地"), payout]


def truck_case(plant: Plant, registered: date | None = None) -> ScrapCase:
    """A commercial 国三 diesel truck scrapped early, without a new one."""
    county = plant.county
    registered = registered or plant.day(date(2011, 7, 1), date(2013, 5, 31))
    car = county.garage.new(HEAVY_TRUCK, registered)
    case = handed_over(plant, plant.day(*SHOPPING), car, recycler=county.dice.randrange(2))
    end = compulsory_scrap_on(car)
    years = (end - case.handed_over).days / 365.25 if end else 0
    claim, paid_on = claim_of(plant, "truck", case.owner, case.cancelled + timedelta(days=5))
    claim = replace(claim, old_vin=car.vin, cert_no=case.cert_no)
    amount = truck_scrap_amount(years, heavy=car.gross_kg >= HEAVY_KG)
    unused = purchase(county, case.owner, case.handed_over)
    return ScrapCase(
        car=case,
        bought=unused,
        claim=claim,
        paid_on=paid_on,
        certificate=certificate(county, case),
        deregistration=deregistration(county, case.vehicle, case.owner, case.cancelled),
        registration=registration(county, unused),
        payouts=[paid(county, claim, Terms("initial", amount, "演示-truck-2024", paid_on))],
    )
