"""A08–A10: another amount than the rule's, a car not old enough, a car not held long enough."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import amount_of, appliance_case, old_car, scrap_case, topup
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, voided
from huanxin.simulator.anomalies.twice import CATEGORIES
from huanxin.simulator.document import Document
from huanxin.simulator.used_cars import transfer

_OFF = (Decimal("0.02"), Decimal(50), Decimal(-30), Decimal("-0.02"))
_CUTOFFS = (("A", date(2011, 6, 30)), ("B", date(2013, 6, 30)))
"""Of applications in 2024: petrol, diesel."""
_HELD_BEFORE = date(2024, 7, 25)


def a08(plant: Plant) -> Iterator[Document]:
    """Near: a fen off; topped up to the full amount; an appliance at its percentage. Corrected: the amount."""
    for expected, number in cases():
        if number % 3 == 0:
            claim, payout = appliance_case(plant, plant.county.people.new(), CATEGORIES[number % 8])
            answer, more = Answer("A08", expected, f"apply:{claim.apply_no}"), []
        else:
            early = expected == "near" and number % 3 == 1
            case = scrap_case(plant, plant.day(date(2024, 5, 6), date(2024, 6, 10)) if early else None, first_amounts=early)
            answer, payout = Answer("A08", expected, case.apply), case.payouts[0]
            more = [topup(plant, case, plant.day(date(2024, 9, 2), date(2024, 9, 30)))] if early else []
            yield from case.documents()[:-1]
        due = amount_of(payout)
        if expected == "near":
            payout = changed(payout, amount_yuan=due + (Decimal("0.01") if not more else 0))
        else:
            payout = changed(payout, amount_yuan=due + _OFF[number % 4])
        yield answered(payout, answer)
        yield from more
        if expected == "closed":
            yield corrected(payout, amount_yuan=due)


def a09(plant: Plant) -> Iterator[Document]:
    """Near: registered on the last day that counts. Corrected: the date on certificate and register."""
    for expected, number in cases():
        fuel, cutoff = _CUTOFFS[number % 2]
        day = cutoff if expected == "near" else cutoff + timedelta(days=1 + 20 * (number // 2))
        case = scrap_case(plant, car=old_car(plant, day, fuel))
        case.payouts[0] = answered(case.payouts[0], Answer("A09", expected, case.apply))
        yield from case.documents()
        if expected == "closed":
            yield corrected(case.certificate, first_registered_on=cutoff)
            yield corrected(case.deregistration, first_registered_on=cutoff)


def a10(plant: Plant) -> Iterator[Document]:
    """Near: transferred on the last day that counts, ninety days before handing over. Corrected: the transfer is voided."""
    for expected, number in cases():
        if expected == "near":
            moved = _HELD_BEFORE - timedelta(days=1 + number)
            handed = moved + timedelta(days=90)
        elif number % 2:
            moved, handed = _HELD_BEFORE + timedelta(days=1 + number % 15), plant.day(date(2024, 9, 20), date(2024, 10, 10))
        else:
            moved, handed = _HELD_BEFORE - timedelta(days=2 + number % 15), date(2024, 8, 28)
        case = scrap_case(plant, handed)
        seller = plant.county.people.new()
        sold = transfer(plant.county, case.car.vehicle, seller, case.car.owner, moved, "本地")
        case.payouts[0] = answered(case.payouts[0], Answer("A10", expected, case.apply))
        yield from (*case.documents(), sold)
        if expected == "closed":
            yield voided(sold)
