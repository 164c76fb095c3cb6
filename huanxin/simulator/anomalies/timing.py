"""A30–A32: paid before the review or late; returned and not reissued; a truck that is not of the programme."""

from collections.abc import Iterator
from datetime import date, timedelta

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import amount_of, farm_case, truck_case
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected
from huanxin.simulator.claims import Terms
from huanxin.simulator.document import Document
from huanxin.simulator.payments import paid, pay_no

_CLOCK_DAYS = 30
_TRUCKS = ({"use_code": "A"}, {"fuel_code": "A"}, {"emission_stage": "国四"})


def a30(plant: Plant) -> Iterator[Document]:
    """Near: paid on the day of the review, or on the thirtieth after it. Corrected: the day of the review."""
    for expected, number in cases():
        claim, payout = farm_case(plant)
        paid_on = payout.data.day
        if expected == "near":
            reviewed: date | None = paid_on - timedelta(days=_CLOCK_DAYS if number % 2 else 0)
        else:
            reviewed = (paid_on + timedelta(days=3), None, paid_on - timedelta(days=_CLOCK_DAYS + 1 + number))[number % 3]
        applied = min(claim.applied_on, reviewed or claim.applied_on)
        payout = changed(payout, reviewed_on=reviewed, applied_on=applied)
        yield answered(payout, Answer("A30", expected, f"apply:{claim.apply_no}"))
        if expected == "closed":
            yield corrected(payout, reviewed_on=paid_on - timedelta(days=9))


def a31(plant: Plant) -> Iterator[Document]:
    """Near: reissued within the fifteen days. Corrected: it was not returned after all."""
    for expected, number in cases():
        claim, payout = farm_case(plant)
        payout = changed(payout, pay_result="退回", confirmed_at=None)
        yield answered(payout, Answer("A31", expected, f"apply:{claim.apply_no}"))
        if expected == "near":
            day = payout.data.day + timedelta(days=10 if number % 2 else 4)
            terms = Terms("reissue", amount_of(payout), "演示-farm-2024", day, original=pay_no(payout))
            yield paid(plant.county, claim, terms)
        elif expected == "closed":
            yield corrected(payout, pay_result="成功")


def a32(plant: Plant) -> Iterator[Document]:
    """Near: 国三, diesel, 营运, registered days before the next stage. Corrected: the register."""
    for expected, number in cases():
        case = truck_case(plant, date(2013, 6, 1 + number) if expected == "near" else None)
        fields = _TRUCKS[number % 3] if expected != "near" else {}
        struck = changed(case.deregistration, **fields)
        case.payouts[0] = answered(case.payouts[0], Answer("A32", expected, case.apply))
        yield from (case.certificate, struck, *case.payouts)
        if expected == "closed":
            right = {name: getattr(case.deregistration.data, name) for name in fields}
            yield corrected(struck, **right)
