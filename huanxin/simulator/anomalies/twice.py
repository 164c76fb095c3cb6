"""A04–A07: paid twice for one old car, one new car, one person, one invoice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import (
    RULE_2024,
    ScrapCase,
    amount_of,
    appliance_case,
    claim_of,
    refund,
    replace_case,
    scrap_case,
    topup,
)
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, voided
from huanxin.simulator.claims import Claim, Terms
from huanxin.simulator.document import Document
from huanxin.simulator.kinds import NEW_FUEL
from huanxin.simulator.new_cars import purchase, registration
from huanxin.simulator.payments import paid, pay_no
from huanxin.simulator.people import Person

CATEGORIES = ("冰箱", "洗衣机", "电视", "空调", "电脑", "热水器", "灶具", "油烟机")


def a04(plant: Plant) -> Iterator[Document]:
    """Near: topped up in 2024; returned and reissued; the second application refunded. Corrected: the second voided."""
    for expected, number in cases():
        early = expected == "near" and number % 3 == 0
        case = scrap_case(plant, plant.day(date(2024, 5, 6), date(2024, 6, 10)) if early else None, first_amounts=early)
        answers = [Answer("A04", expected, case.old_vin)]
        if early:
            more = [topup(plant, case, plant.day(date(2024, 9, 2), date(2024, 9, 30)))]
        elif expected == "near" and number % 3 == 1:
            more = _returned(plant, case)
        elif expected == "open" and number % 2:
            # The same money twice under one application: its sum is not what is due either.
            terms = Terms("initial", amount_of(case.payouts[0]), RULE_2024.version, case.paid_on + timedelta(days=5))
            more = [paid(plant.county, case.claim, terms)]
            answers.append(Answer("A08", "open", case.apply))
        else:
            claim, more = _second_application(plant, case)
            if expected == "near":
                more.append(refund(plant, claim, more[-1], case.paid_on + timedelta(days=15)))
            elif expected == "closed":
                more.append(voided(more[-1]))
            else:
                answers.append(Answer("A06", "open", f"person:{case.car.owner.person_id}"))
        case.payouts[0] = answered(case.payouts[0], *answers)
        yield from (*case.documents(), *more)


def _returned(plant: Plant, case: ScrapCase) -> list[Document]:
    case.payouts[0] = changed(case.payouts[0], pay_result="退回", confirmed_at=None)
    day = case.paid_on + timedelta(days=6)
    first = case.payouts[0]
    terms = Terms("reissue", amount_of(first), RULE_2024.version, day, original=pay_no(first))
    return [paid(plant.county, case.claim, terms)]


def _second_application(plant: Plant, case: ScrapCase) -> tuple[Claim, list[Document]]:
    """Another new car for the same old one."""
    bought = purchase(plant.county, case.car.owner, case.car.handed_over + timedelta(days=3), NEW_FUEL)
    applied = max(case.claim.applied_on, bought.registered) + timedelta(days=2)
    claim, day = claim_of(plant, "car_scrap", case.car.owner, applied)
    claim = replace(
        claim,
        old_vin=case.claim.old_vin,
        cert_no=case.claim.cert_no,
        new_vin=bought.vehicle.vin,
        invoice_no=bought.invoice_no,
    )
    amount = RULE_2024.amount(electric=bought.vehicle.electric, price=bought.price)
    payout = paid(plant.county, claim, Terms("initial", amount, RULE_2024.version, day))
    return claim, [registration(plant.county, bought), payout]


def a05(plant: Plant) -> Iterator[Document]:
    """Scrapped one, sold another, both for one new car. Near: one of the two refunded. Corrected: one voided."""
    for expected, _ in cases():
        case = scrap_case(plant)
        claim, papers = replace_case(plant, case.car.owner, case.bought, case.car.handed_over)
        # One invoice named twice would be A07's question: the second application leaves it out.
        claim = replace(claim, invoice_no=None)
        papers[-1] = answered(changed(papers[-1], invoice_no=None), Answer("A05", expected, case.new_vin))
        yield from (*case.documents(), *papers)
        if expected == "near":
            yield refund(plant, claim, papers[-1], case.paid_on + timedelta(days=15))
        elif expected == "closed":
            yield voided(papers[-1])


def a06(plant: Plant) -> Iterator[Document]:
    """Near: eight appliances of eight categories; one scrap and one replacement; a second one refunded. Corrected: voided."""
    for expected, number in cases():
        if expected == "near" and number % 3 == 0:
            buyer = plant.county.people.new()
            for place, category in enumerate(CATEGORIES):
                _, payout = appliance_case(plant, buyer, category)
                yield payout if place else answered(payout, _over(expected, buyer))
            continue
        case = scrap_case(plant)
        owner = case.car.owner
        case.payouts[0] = answered(case.payouts[0], _over(expected, owner))
        yield from case.documents()
        if expected == "near" and number % 3 == 1:
            bought = purchase(plant.county, owner, case.car.handed_over + timedelta(days=2), NEW_FUEL)
            yield registration(plant.county, bought)
            yield from replace_case(plant, owner, bought, case.car.handed_over)[1]
            continue
        again = scrap_case(plant, owner=owner)
        yield from again.documents()
        if expected == "near":
            yield refund(plant, again.claim, again.payouts[0], again.paid_on + timedelta(days=15))
        elif expected == "closed":
            yield voided(again.payouts[0])


def _over(expected: str, person: Person) -> Answer:
    return Answer("A06", expected, f"person:{person.person_id}")  # type: ignore[arg-type]  # from cases()


def a07(plant: Plant) -> Iterator[Document]:
    """Two applications name one invoice. Near: one of them refunded. Corrected: a slip in the number, or voided."""
    for expected, number in cases():
        people = islice(iter(plant.county.people.new, None), 2)
        (claim, first), (own, second) = (appliance_case(plant, person, CATEGORIES[number % 8]) for person in people)
        yield answered(first, Answer("A07", expected, f"invoice:{claim.invoice_no}"))
        if expected == "near":
            terms = Terms("refund", -amount_of(first), "演示", date(2024, 12, 20), original=pay_no(first))
            yield paid(plant.county, claim, terms)
            yield changed(second, invoice_no=claim.invoice_no)
        elif expected == "open":
            yield changed(second, invoice_no=claim.invoice_no)
        else:
            slip = changed(second, invoice_no=claim.invoice_no)
            yield slip
            yield voided(slip) if number % 2 else corrected(slip, invoice_no=own.invoice_no)
