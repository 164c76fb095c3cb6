"""A23–A27: what tickets show by themselves: tare drift, copied and round weights, odd hours, odd appliances, big sellers."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from huanxin.simulator.anomalies.key import Answer, Expected
from huanxin.simulator.anomalies.plant import Plant, answered, cases, corrected, voided
from huanxin.simulator.anomalies.scales import Load, at, odd, own_plate, ticket
from huanxin.simulator.document import SHANGHAI, Document
from huanxin.simulator.months import working_day

_SITE = "YC-C1"
_DAYS = (date(2024, 2, 1), date(2024, 11, 30))
_APART = {"open": 0, "near": 3, "closed": 6}
"""Days that keep the cases of one site apart."""
_PIECE_KG = {"冰箱": (35, 90), "洗衣机": (20, 75), "空调": (20, 70), "电视": (5, 40)}


def a23(plant: Plant) -> Iterator[Document]:
    """Near: a tare 4 % off. Corrected: the tare of the ticket."""
    for expected, number in cases():
        plate, tare = own_plate(plant), 8_000 + 200 * number
        day = working_day(plant.day(*_DAYS))
        drift = (0.04 if expected == "near" else 0.08) * (1 if number % 2 else -1)
        answer = Answer("A23", expected, f"truck:{plate}")
        for place in range(9):
            load = Load(
                "废钢", odd(900 + 260 * place + 20 * number), tare=round(tare * (1 + (drift if place == 6 else 0)) / 20) * 20
            )
            document = ticket(plant, _SITE, at(plant, day + timedelta(days=7 * place % 25)), load, plate=plate)
            yield document if place != 6 else answered(document, answer)
            if place == 6 and expected == "closed":
                yield corrected(document, tare_kg=tare, gross_kg=tare + load.net)


def a24(plant: Plant) -> Iterator[Document]:
    """One net thrice a day, or half of a month on whole hundreds. Near: twice; three in eight. Corrected: one voided."""
    for expected, number in cases():
        if number % 2 or expected == "closed":
            yield from _copied(plant, expected, number)
        else:
            yield from _round(plant, expected, number)


def _copied(plant: Plant, expected: Expected, number: int) -> Iterator[Document]:
    site_id, day = f"YC-D{number % 5}", date(2024, 2, 1) + timedelta(days=number * 9 + _APART[expected])
    nets = [odd(1_040 + 360 * place + 20 * number) for place in range(8)]
    times = 2 if expected == "near" else 3
    nets[:times] = [nets[0]] * times
    answer = Answer("A24", expected, f"site:{site_id}/{day}")
    documents = [ticket(plant, site_id, at(plant, day, 30 + 40 * place), Load("废钢", net)) for place, net in enumerate(nets)]
    yield answered(documents[0], answer)
    yield from documents[1:]
    if expected == "closed":
        yield voided(documents[1])


def _round(plant: Plant, expected: Expected, number: int) -> Iterator[Document]:
    """A month of forty-eight tickets at a site of its own, three a day."""
    site_id, month = f"YC-E{expected[0]}{number}", date(2024, 1 + number // 2 % 12, 1)
    whole = 24 if expected == "open" else 18
    nets = [1_100 + 100 * place if place < whole else odd(1_040 + 60 * place) for place in range(48)]
    answer = Answer("A24", expected, f"site:{site_id}/{month:%Y-%m}")
    for place, net in enumerate(nets):
        document = ticket(plant, site_id, at(plant, month + timedelta(days=place % 16)), Load("废钢", net))
        yield document if place else answered(document, answer)


def a25(plant: Plant) -> Iterator[Document]:
    """Near: three minutes to the second. Corrected: the time of entry."""
    for expected, number in cases():
        day = working_day(plant.day(*_DAYS))
        night = datetime.combine(day, time(22 if number % 4 else 3, 17), SHANGHAI)
        out_at, minutes = (
            (at(plant, day), 3)
            if expected == "near"
            else (night, 12)
            if number % 2 and expected == "open"
            else (at(plant, day), 2)
        )
        document = ticket(plant, _SITE, out_at, Load("废钢", odd(800 + 40 * number)), minutes=minutes)
        yield answered(document, Answer("A25", expected, _ticket_key(document)))
        if expected == "closed":
            yield corrected(document, in_at=out_at - timedelta(minutes=9))


def a26(plant: Plant) -> Iterator[Document]:
    """Near: at the edges of what such an appliance weighs. Corrected: the pieces."""
    for expected, number in cases():
        category = [*_PIECE_KG][number % 4]
        low, high = _PIECE_KG[category]
        pieces = 21
        each = (high if number // 4 % 2 else low) if expected == "near" else high + 8 if number // 4 % 2 else low - 3
        load = Load(category, each * pieces, pieces=pieces)
        document = ticket(plant, _SITE, at(plant, working_day(plant.day(*_DAYS))), load)
        yield answered(document, Answer("A26", expected, _ticket_key(document)))
        if expected == "closed":
            yield corrected(document, pieces=-(-load.net // ((low + high) // 2)))


def a27(plant: Plant) -> Iterator[Document]:
    """Six loads of non-ferrous metal in a year. Near: as much over fifteen months, or a little less. Corrected: one voided."""
    for expected, number in cases():
        seller = plant.county.people.new()
        apart = 90 if expected == "near" and number % 2 else 45
        net = odd(25_000 + 40 * number) if not (expected == "near" and number % 2 == 0) else odd(21_400)
        start = date(2023, 9, 4) if apart == 90 else plant.day(date(2024, 1, 8), date(2024, 4, 15))
        documents = [
            ticket(
                plant,
                _SITE,
                at(plant, working_day(start + timedelta(days=apart * place))),
                Load("有色", net + 40 * place),
                seller=seller,
            )
            for place in range(6)
        ]
        yield answered(documents[0], Answer("A27", expected, f"seller:{seller.person_id}"))
        yield from documents[1:]
        if expected == "closed":
            yield voided(documents[-1])


def _ticket_key(document: Document) -> str:
    site_id, number, day = document.data.natural_key
    return f"ticket:{site_id}/{number}/{day}"
