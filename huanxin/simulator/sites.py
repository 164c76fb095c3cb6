"""Weighbridges: the two dismantlers, three scrap yards and five stations of the supply cooperative."""

from dataclasses import dataclass, field

from huanxin.simulator.dice import Dice
from huanxin.simulator.firms import RECYCLERS, Firm, firm
from huanxin.simulator.people import People, Person


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck that comes to the scale, with its own tare."""

    plate: str
    tare_kg: int


@dataclass(frozen=True, slots=True)
class Site:
    """One weighbridge and the trucks and sellers it knows."""

    site_id: str
    source: str
    town: str
    share: float
    """Of the county's general scrap; 0 for dismantlers."""
    operators: tuple[str, ...]
    small: tuple[Truck, ...] = field(repr=False)
    large: tuple[Truck, ...] = field(repr=False)
    sellers: tuple[Person, ...] = field(repr=False)
    uscc: str
    """Of the company that runs it."""

    def truck(self, dice: Dice, net_kg: float) -> Truck:
        """A truck that can carry the load."""
        return dice.choice(self.small if net_kg <= 2_500 else self.large)


_PLACES = (
    ("GC-CJ01", "recycler.weighbridge", "凤城镇", 0.0),
    ("GC-CJ02", "recycler.weighbridge", "北留镇", 0.0),
    ("GC-HS01", "recycler.weighbridge", "凤城镇", 0.22),
    ("GC-HS02", "recycler.weighbridge", "润城镇", 0.12),
    ("GC-HS03", "recycler.weighbridge", "芹池镇", 0.08),
    ("GX-01", "coop.weighbridge", "凤城镇", 0.24),
    ("GX-02", "coop.weighbridge", "北留镇", 0.12),
    ("GX-03", "coop.weighbridge", "东冶镇", 0.09),
    ("GX-04", "coop.weighbridge", "次营镇", 0.07),
    ("GX-05", "coop.weighbridge", "町店镇", 0.06),
)


def sites(dice: Dice, people: People) -> tuple[Site, ...]:
    """All weighbridges; the first two belong to the recyclers, in their order."""
    operators = (*RECYCLERS, *(firm(200 + n, f"演示再生资源回收站{n}") for n in range(1, len(_PLACES))))
    taken: set[str] = set()
    return tuple(_site(dice, people, taken, run_by, *place) for run_by, place in zip(operators, _PLACES, strict=False))


def _site(
    dice: Dice, people: People, taken: set[str], run_by: Firm, site_id: str, source: str, town: str, share: float
) -> Site:
    sellers = tuple(people.new() for _ in range(60))
    return Site(
        *(site_id, source, town, share),
        operators=tuple(people.new(town).name for _ in range(3)),
        small=tuple(_truck(dice, taken, 1_500, 3_200) for _ in range(40)),
        large=tuple(_truck(dice, taken, 9_000, 15_800) for _ in range(15)),
        sellers=sellers,
        uscc=run_by.uscc,
    )


def _truck(dice: Dice, taken: set[str], least: int, most: int) -> Truck:
    while (plate := f"晋E{dice.choice('ABCDFGHJKLMN')}{dice.randrange(10_000):04d}") in taken:
        pass  # two trucks under one plate would look like one whose tare drifts
    taken.add(plate)
    return Truck(plate, dice.randrange(least, most, 20))
