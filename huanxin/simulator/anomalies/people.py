"""A11–A14 and A35: who owns, buys, applies and is paid; one account or phone for many; an identity number that cannot be."""

from collections.abc import Iterator
from datetime import date

from huanxin.simulator.anomalies.key import Answer, Expected
from huanxin.simulator.anomalies.lawful import appliance_case, farm_case, scrap_case
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, voided
from huanxin.simulator.anomalies.twice import CATEGORIES
from huanxin.simulator.document import Document
from huanxin.simulator.people import Person
from schemas.check_digits import person_id_check_digit

_LEAST_APPLICANTS, _LEAST_APPLICATIONS = 3, 5
_HOUSEHOLD = 5


def a11(plant: Plant) -> Iterator[Document]:
    """Near: an identity number left out. Corrected: the right buyer on the new car's papers."""
    for expected, number in cases():
        case = scrap_case(plant)
        other = plant.county.people.new()
        case.payouts[0] = answered(case.payouts[0], Answer("A11", expected, case.apply))
        if expected == "near":
            leg = "certificate" if number % 2 else "registration"
            field = "owner_id" if number % 2 else "buyer_id"
            setattr(case, leg, changed(getattr(case, leg), **{field: None}))
            yield from case.documents()
        elif expected == "open" and number % 2:
            case.certificate = changed(case.certificate, owner=other.name, owner_id=other.person_id)
            yield from case.documents()
        else:
            right = case.bought.buyer
            case.registration = changed(case.registration, buyer=other.name, buyer_id=other.person_id)
            yield from case.documents()
            if expected == "closed":
                yield corrected(case.registration, buyer=right.name, buyer_id=right.person_id)


def a12(plant: Plant) -> Iterator[Document]:
    """Near: a household's card in the name of its head; the same name written with a space. Corrected: the payee's name."""
    for expected, number in cases():
        claim, payout = farm_case(plant)
        head = plant.county.people.new()
        if expected == "near":
            fields = {"account_kind": "一卡通", "payee": head.name} if number % 2 else {"payee": " ".join(claim.applicant.name)}
        else:
            fields = {"payee": f"{head.name}甲"}
        payout = answered(changed(payout, **fields), Answer("A12", expected, f"apply:{claim.apply_no}"))
        yield payout
        if expected == "closed":
            yield corrected(payout, payee=claim.applicant.name)


def a13(plant: Plant) -> Iterator[Document]:
    """Near: two applicants on one account; a household's card with up to five; a merchant's account. Corrected: one voided."""
    for expected, number in cases():
        holder = plant.county.people.new()
        kind, count = "单位" if number % 2 else "个人", _LEAST_APPLICANTS
        if expected == "near":
            kind, count = (("一卡通", _HOUSEHOLD), ("个人", _LEAST_APPLICANTS - 1), ("一卡通", _LEAST_APPLICANTS))[number % 3]
        elif expected == "open" and number % 4 == 0:
            kind, count = "一卡通", _HOUSEHOLD + 1
        payouts = [changed(farm_case(plant)[1], account=holder.account, account_kind=kind) for _ in range(count)]
        payouts[0] = answered(payouts[0], Answer("A13", expected, f"account:{holder.account}"))
        yield from payouts
        if expected == "closed":
            yield voided(payouts[-1])


def a14(plant: Plant) -> Iterator[Document]:
    """Near: four applications with one number; five of one person. Corrected: one voided."""
    for expected, number in cases():
        agent = plant.county.people.new()
        if expected == "near" and number % 2:
            payouts = [appliance_case(plant, agent, category)[1] for category in CATEGORIES[:_LEAST_APPLICATIONS]]
        else:
            count = _LEAST_APPLICATIONS - (expected == "near")
            fields = {"agent": agent.name, "agent_phone": agent.phone} if number % 3 else {"phone": agent.phone}
            payouts = [changed(farm_case(plant)[1], **fields) for _ in range(count)]
        payouts[0] = answered(payouts[0], Answer("A14", expected, f"phone:{agent.phone}"))
        yield from payouts
        if expected == "closed":
            yield voided(payouts[-1])


def a35(plant: Plant) -> Iterator[Document]:
    """A wrong check character, or a minor. Near: eighteen on the very day. Corrected: the number."""
    for expected, number in cases():
        person = plant.county.people.new()
        claim, payout = farm_case(plant, person)
        day = claim.applied_on
        if expected == "near":
            claimed = _born(person, date(day.year - 18, day.month, min(day.day, 28)))
        elif number % 2:
            claimed = _born(person, date(2008 + number % 5, 5, 4))
        else:
            wrong = next(digit for digit in "0123456789" if digit != person.person_id[-1])
            claimed = person.person_id[:-1] + wrong
        payout = changed(payout, applicant_id=claimed)
        yield answered(payout, _minor(expected, claim.apply_no))
        if expected == "closed":
            yield corrected(payout, applicant_id=person.person_id)


def _minor(expected: Expected, apply_no: str) -> Answer:
    return Answer("A35", expected, f"apply:{apply_no}")


def _born(person: Person, birth: date) -> str:
    first_17 = f"{person.person_id[:6]}{birth:%Y%m%d}{person.person_id[14:17]}"
    return first_17 + person_id_check_digit(first_17)
