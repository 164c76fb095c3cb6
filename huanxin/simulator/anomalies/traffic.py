"""A18–A20: a car that moves after it was struck off, in and out without being driven, or on the road after scrapping."""

from collections.abc import Iterator
from datetime import date, timedelta

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import handed_over, scrap_case
from huanxin.simulator.anomalies.plant import Plant, answered, cases, changed, voided
from huanxin.simulator.document import Document
from huanxin.simulator.kinds import CAR
from huanxin.simulator.new_cars import purchase, registration
from huanxin.simulator.scrappage import certificate, deregistration
from huanxin.simulator.used_cars import InOut, transfer

_OUT_AND_IN: tuple[InOut, ...] = ("转出", "转入", "转出", "转入")


def a18(plant: Plant) -> Iterator[Document]:
    """Near: transferred before, or on the very day of, the cancellation. Corrected: the transfer is voided."""
    for expected, number in cases():
        case = handed_over(plant, plant.day(date(2023, 3, 1), date(2024, 9, 30)), recycler=number % 2)
        struck = deregistration(plant.county, case.vehicle, case.owner, case.cancelled)
        days = (0 if number % 2 else -30 - number) if expected == "near" else 1 + 3 * number
        day = case.cancelled + timedelta(days=days)
        seller, buyer = (case.owner, plant.county.people.new()) if days >= 0 else (plant.county.people.new(), case.owner)
        moved = transfer(plant.county, case.vehicle, seller, buyer, day, "本地")
        yield certificate(plant.county, case)
        yield answered(struck, Answer("A18", expected, f"vin:{case.vehicle.vin}"))
        yield moved
        if expected == "closed":
            yield voided(moved)


def a19(plant: Plant) -> Iterator[Document]:
    """Near: a car that is driven, two moves, or three over more than a year. Corrected: one is voided."""
    for expected, number in cases():
        start = plant.day(date(2023, 2, 1), date(2023, 6, 30))
        car = plant.county.garage.new(CAR, start - timedelta(days=20))
        moves, apart, driven = 3 + number % 2, 70, 15
        if expected == "near":
            moves, apart, driven = ((3, 60, 2_000), (2, 60, 15), (3, 190, 15))[number % 3]
        elif expected == "closed":
            moves = 3
        for place in range(moves):
            day = start + timedelta(days=place * apart)
            moved = transfer(plant.county, car, plant.county.people.new(), plant.county.people.new(), day, _OUT_AND_IN[place])
            moved = changed(moved, mileage_km=driven + place * 8)
            yield moved if place else answered(moved, Answer("A19", expected, f"vin:{car.vin}"))
        if expected == "closed":
            yield voided(moved)


def a20(plant: Plant) -> Iterator[Document]:
    """Near: transferred long before it was handed over; never registered again. Corrected: the document is voided."""
    for expected, number in cases():
        case = scrap_case(plant)
        car, owner = case.car.vehicle, case.car.owner
        answers = [Answer("A20", expected, case.old_vin)]
        if expected == "near":
            back = transfer(
                plant.county, car, plant.county.people.new(), owner, plant.day(date(2024, 1, 8), date(2024, 4, 30)), "转入"
            )
        elif number % 2:
            bought = purchase(plant.county, plant.county.people.new(), case.car.cancelled + timedelta(days=12 + number))
            back = changed(registration(plant.county, bought), vin=car.vin)
        else:
            day = case.car.cancelled + timedelta(days=10 + number)
            back = transfer(plant.county, car, owner, plant.county.people.new(), day, "本地")
            answers.append(Answer("A18", expected, case.old_vin))
        case.payouts[0] = answered(case.payouts[0], *answers)
        yield from (*case.documents(), back)
        if expected == "closed":
            yield voided(back)
