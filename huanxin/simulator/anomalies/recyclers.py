"""A21 and A22: a recycler's weighed cars against their kerb mass, its steel per car; and the planted cars' own tickets."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import old_car
from huanxin.simulator.anomalies.plant import Plant, answered
from huanxin.simulator.anomalies.scales import Load, at, odd, ticket
from huanxin.simulator.document import Document
from huanxin.simulator.firms import RECYCLERS, Firm, firm
from huanxin.simulator.months import end_of
from huanxin.simulator.scrappage import certificate, deregistration
from huanxin.simulator.scrapped import Scrapped

_FEW_CARS, _CARS = 3, 7
"""A month's cars: what A21 judges at least, and what A22 needs for a window of three months."""
_STEEL_PER_CAR = 900
_WINDOW = 3
_YARDS = ("GC-CJ01", "GC-CJ02")


def a21(plant: Plant) -> Iterator[Document]:
    """Two small recyclers whose months turn: too little or too much on the scale, and near misses at 0.74 and 1.06."""
    months = list(plant.county.months)
    for place, run_by in enumerate((firm(401, "演示东关回收有限公司"), firm(402, "演示西关回收有限公司"))):
        for number, month in enumerate(months):
            true = (number + place) % 2 == 0
            ratio = (0.55, 1.25)[number // 2 % 2] if true else (0.74, 1.06)[number // 2 % 2]
            expected = "open" if true else "near"
            answer = Answer("A21", expected, f"recycler:{run_by.uscc}/{month:%Y-%m}")  # type: ignore[arg-type]
            documents = [*_month(plant, run_by, f"YC-A{place + 1}", month, _FEW_CARS, ratio, _STEEL_PER_CAR)]
            yield answered(documents[0], answer)
            yield from documents[1:]


def a22(plant: Plant) -> Iterator[Document]:
    """Four small recyclers, each with its own kg of steel per car, the same in every window: 480 and 1,450, 640 and 1,240."""
    months = list(plant.county.months)[-12 - _WINDOW + 1 :]
    rates = ((480, "open"), (1_450, "open"), (640, "near"), (1_240, "near"))
    for place, (rate, expected) in enumerate(rates):
        run_by = firm(411 + place, f"演示第{place + 1}回收有限公司")
        for number, month in enumerate(months, 1):
            documents = [*_month(plant, run_by, f"YC-B{place + 1}", month, _CARS, 0.9, rate)]
            if number >= _WINDOW:  # before that there are too few cars to judge
                answer = Answer("A22", expected, f"recycler:{run_by.uscc}/{month:%Y-%m}")  # type: ignore[arg-type]
                documents[0] = answered(documents[0], answer)
            yield from documents


def _month(plant: Plant, run_by: Firm, site_id: str, month: date, cars: int, ratio: float, steel: int) -> Iterator[Document]:
    county = plant.county
    for place in range(cars):
        handed = month + timedelta(days=2 + 3 * place)
        car, owner = old_car(plant), county.people.new()
        case = Scrapped(car, owner, run_by, county.numbers.dated("HSZM", handed), handed, handed, handed + timedelta(days=6))
        yield certificate(county, case)
        yield deregistration(county, car, owner, case.cancelled)
        load = Load("报废汽车", odd(round(car.kerb_kg * ratio)), pieces=1, vin=car.vin)
        yield ticket(plant, site_id, at(plant, handed), load, seller=owner, run_by=run_by)
    load = Load("废钢", odd(steel * cars), direction="售")
    yield ticket(plant, site_id, at(plant, month + timedelta(days=24)), load, run_by=run_by)


def weighed(plant: Plant) -> Iterator[Document]:
    """The tickets of every planted car at its recycler's yard, and the steel that the yard sells of them in the month."""
    cars: Counter[tuple[int, date]] = Counter()
    taken: set[tuple[int, date, int]] = set()
    for case in plant.cars:
        place, day = RECYCLERS.index(case.recycler), case.handed_over
        cars[place, day.replace(day=1)] += 1
        # Ten off the scale's division: no true car weighs the same, and of the planted ones no two on a day.
        net = odd(round(case.vehicle.kerb_kg * 0.9)) + 10
        while (place, day, net) in taken:
            net += 20
        taken.add((place, day, net))
        load = Load("报废汽车", net, pieces=1, vin=case.vehicle.vin)
        yield ticket(plant, _YARDS[place], at(plant, day), load, seller=case.owner, run_by=case.recycler)
    for (place, month), count in sorted(cars.items()):
        load = Load("废钢", odd(count * _STEEL_PER_CAR), direction="售")
        yield ticket(plant, _YARDS[place], at(plant, end_of(month)), load, run_by=RECYCLERS[place])
