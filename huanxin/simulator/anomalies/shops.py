"""A28 and A29: an appliance dearer than registered or than usual; two of one category, ten at one address."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import appliance_case, refund
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, corrected, voided
from huanxin.simulator.anomalies.twice import CATEGORIES
from huanxin.simulator.document import Document

_USUAL, _REGISTERED = Decimal(2_000), Decimal(3_000)
_PER_ADDRESS = 10


def a28(plant: Plant) -> Iterator[Document]:
    """Near: at the registered price; 15 % above the 30-day median and no more. Corrected: the price."""
    for expected, number in cases():
        category = CATEGORIES[number % 8]
        sku, grade = f"YS-{category}-P{expected[0]}{number:02d}", "一级"
        day = plant.day(date(2024, 9, 2), date(2024, 10, 30))
        first, _ = appliance_case(plant, plant.county.people.new(), category, day)
        common: dict[str, Any] = {"sku": sku, "energy_grade": grade, "merchant_uscc": first.merchant_uscc}
        for place in range(6):  # what the model usually costs at this shop
            _, payout = appliance_case(plant, plant.county.people.new(), category, day - timedelta(days=place + 1))
            yield changed(payout, **common, **_price(_USUAL + place))
        claim, payout = appliance_case(plant, plant.county.people.new(), category, day)
        if number % 2:
            price = Decimal("3000") if expected == "near" else Decimal("3000.01") + 40 * number
            # No usual price stands beside a model sold once.
            common["sku"] = f"{sku}X"
        else:
            price = Decimal("2302") if expected == "near" else Decimal("2340") + number
        payout = changed(payout, **common, **_price(price))
        yield answered(payout, Answer("A28", expected, f"apply:{claim.apply_no}"))
        if expected == "closed":
            yield corrected(payout, **_price(_USUAL))


def _price(price: Decimal) -> dict[str, Any]:
    amount = (price * Decimal("0.20")).quantize(Decimal("0.01"))
    return {"price_yuan": price, "registered_price_yuan": _REGISTERED, "amount_yuan": min(amount, Decimal(2_000))}


def a29(plant: Plant) -> Iterator[Document]:
    """Near: one each of eight categories; nine at one address; the second one refunded. Corrected: the second one voided."""
    for expected, number in cases():
        if number % 3 == 0:
            yield from _address(plant, expected, number)
            continue
        buyer = plant.county.people.new()
        category = CATEGORIES[number % 8]
        _, payout = appliance_case(plant, buyer, category)
        yield answered(payout, Answer("A29", expected, f"person:{buyer.person_id}"))
        if expected == "near" and number % 3 == 1:
            for other in CATEGORIES:
                if other != category:
                    yield appliance_case(plant, buyer, other)[1]
            continue
        claim, again = appliance_case(plant, buyer, category)
        yield again
        if expected == "near":
            yield refund(plant, claim, again, date(2024, 12, 20))
        elif expected == "closed":
            yield voided(again)


def _address(plant: Plant, expected: str, number: int) -> Iterator[Document]:
    address = f"阳城县凤城镇演示街{expected}{number}号院"
    count = _PER_ADDRESS - 1 if expected == "near" else _PER_ADDRESS + (expected == "open") * (number % 2)
    for place in range(count):
        _, payout = appliance_case(plant, plant.county.people.new(), CATEGORIES[place % 8])
        payout = changed(payout, address=address)
        answer = Answer("A29", expected, f"address:{address}")  # type: ignore[arg-type]  # from cases()
        yield payout if place else answered(payout, answer)
    if expected == "closed":
        yield voided(payout)
