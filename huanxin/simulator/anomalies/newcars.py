"""A15–A17: the new car bought outside the county on its fund, invoiced void or red, or sold again too soon."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import refund, scrap_case, topup
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, voided
from huanxin.simulator.document import Document
from huanxin.simulator.firms import OTHER_DEALERS
from huanxin.simulator.used_cars import transfer

_HELD_DAYS = 180


def a15(plant: Plant) -> Iterator[Document]:
    """Near: bought outside on the national fund; bought here on the county's. Corrected: the fund."""
    for expected, number in cases():
        case = scrap_case(plant)
        outside = OTHER_DEALERS[number % len(OTHER_DEALERS)]
        away = expected != "near" or number % 2 == 0
        if away:
            fields = {"seller": outside.name, "seller_uscc": outside.uscc, "seller_county": outside.division}
            case.registration = changed(case.registration, **fields)
        fund = "central" if expected == "near" and away else "county"
        payout = changed(case.payouts[0], fund_source=fund)
        case.payouts[0] = answered(payout, Answer("A15", expected, case.apply))
        yield from case.documents()
        if expected == "closed":
            yield corrected(payout, fund_source="central")


def a16(plant: Plant) -> Iterator[Document]:
    """The invoice turns void or red after the payout. Near: the money was taken back. Corrected: it counts again."""
    for expected, number in cases():
        case = scrap_case(plant)
        case.payouts[0] = answered(case.payouts[0], Answer("A16", expected, case.apply))
        yield from case.documents()
        bad = corrected(case.registration, invoice_status="1234"[number % 4])
        bad = replace(bad, reported_at=case.payouts[0].reported_at + timedelta(days=3))
        yield bad
        if expected == "near":
            yield refund(plant, case.claim, case.payouts[0], case.paid_on + timedelta(days=16))
        elif expected == "closed":
            yield corrected(bad, invoice_status="0")


def a17(plant: Plant) -> Iterator[Document]:
    """Near: sold again after 180 days to the day or more. Corrected: the transfer is voided."""
    for expected, number in cases():
        early = expected == "near"
        case = scrap_case(plant, plant.day(date(2024, 5, 6), date(2024, 6, 10)) if early else None, first_amounts=early)
        bought = case.bought
        days = _HELD_DAYS + number % 5 if early else (20 if number % 2 else 70) + number
        sold = transfer(
            plant.county,
            bought.vehicle,
            bought.buyer,
            plant.county.people.new(),
            bought.registered + timedelta(days=days),
            "本地",
        )
        yield from case.documents()[:-1]
        yield answered(case.payouts[0], Answer("A17", expected, case.new_vin))
        yield sold
        if early:
            yield topup(plant, case, plant.day(date(2024, 9, 2), date(2024, 9, 30)))
        elif expected == "closed":
            yield voided(sold)
