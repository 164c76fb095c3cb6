"""Loads: what is to be weighed where and when, before the tickets are numbered."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from huanxin.simulator.county import County
from huanxin.simulator.firms import RECYCLERS
from huanxin.simulator.months import FLOW, end_of
from huanxin.simulator.people import Person
from huanxin.simulator.scrapped import Scrapped
from huanxin.simulator.sites import Site

GENERAL_A_YEAR = 18_500
APPLIANCE_PIECES_A_YEAR = 23_000
STEEL_PER_KERB, MOST_STEEL = 0.66, 1_900
"""Steel a dismantler sells of a car, by its kerb mass; a truck's frame and axles are sold as parts. About 850 kg a car."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load on one scale."""

    site: Site
    out_at: datetime
    category: str
    net_kg: float
    pieces: int = 0
    seller: Person | None = None
    vin: str | None = None
    sold: bool = False
    """True for 售: the site sells on."""


_MEDIANS = {"废钢": (700, 0.9, 28_000), "有色": (140, 0.7, 4_000), "塑料": (260, 0.7, 6_000), "电池": (200, 0.6, 3_000)}
_MIX = {"废钢": 0.55, "有色": 0.14, "塑料": 0.24, "电池": 0.07}
_PIECE_KG = {"冰箱": (52, 5), "洗衣机": (38, 5), "电视": (18, 2.5), "空调": (40, 4), "电脑": (10, 1.5)}
_PIECE_MIX = {"冰箱": 0.15, "洗衣机": 0.15, "电视": 0.4, "空调": 0.15, "电脑": 0.15}
_TRUCKLOAD = {"废钢": 26_000, "有色": 9_000, "塑料": 7_000, "电池": 12_000}


def loads(county: County, where: tuple[Site, ...], cars: list[Scrapped]) -> Iterator[Load]:
    """Every load of the months simulated: cars in, scrap and appliances in, and what the sites sell on."""
    # The first two weighbridges are the dismantlers' own, in the order of the recyclers.
    yards = dict(zip(RECYCLERS, where, strict=False))
    steel: Counter[tuple[Site, date]] = Counter()
    for case in cars:
        site = yards[case.recycler]
        steel[site, case.handed_over.replace(day=1)] += min(MOST_STEEL, round(case.vehicle.kerb_kg * STEEL_PER_KERB))
        net = case.vehicle.kerb_kg * county.dice.uniform(0.85, 0.97)
        yield Load(site, county.dice.hours(case.handed_over), "报废汽车", net, 1, case.owner, case.vehicle.vin)
    for (site, month), mass in sorted(steel.items(), key=lambda item: (item[0][1], item[0][0].site_id)):
        yield from _sales(county, site, month, "废钢", mass)
    for month in county.months:
        for site in where:
            if site.share:
                yield from _general(county, site, month)
                yield from _appliances(county, site, month)


def _general(county: County, site: Site, month: date) -> Iterator[Load]:
    bought: Counter[str] = Counter()
    for _ in range(county.count(GENERAL_A_YEAR / 12 * FLOW[month.month - 1] * site.share)):
        category = county.dice.one_of(_MIX)
        median, sigma, most = _MEDIANS[category]
        net = county.dice.skewed(median, sigma, 40, most)
        bought[category] += round(net)
        seller = county.dice.choice(site.sellers) if county.dice.happens(0.85) else None
        pieces = round(net / 15) if category == "电池" else 0
        yield Load(site, _moment(county, month), category, net, pieces, seller)
    for category, mass in bought.items():
        yield from _sales(county, site, month, category, mass * 0.97)


def _sales(county: County, site: Site, month: date, category: str, mass: float) -> Iterator[Load]:
    number = math.ceil(mass / _TRUCKLOAD[category])
    for _ in range(number if mass >= 100 else 0):
        net = mass / number
        pieces = round(net / 15) if category == "电池" else 0
        yield Load(site, _moment(county, month), category, net, pieces, sold=True)


def _appliances(county: County, site: Site, month: date) -> Iterator[Load]:
    growth = 1.0 if month < date(2024, 1, 1) else 1.03 if month < date(2024, 8, 1) else 1.13
    left = county.count(APPLIANCE_PIECES_A_YEAR / 12 * FLOW[month.month - 1] * growth * site.share)
    kept: Counter[str] = Counter()
    while left > 0:
        pieces = min(left, county.dice.randrange(6, 19))
        category = county.dice.one_of(_PIECE_MIX)
        kept[category] += pieces
        left -= pieces
        seller = county.dice.choice(site.sellers) if county.dice.happens(0.8) else None
        yield Load(site, _moment(county, month), category, pieces * _piece(county, category), pieces, seller)
    for category, pieces in kept.items():
        net = pieces * _piece(county, category)
        yield Load(site, county.dice.hours(end_of(month)), category, net, pieces, sold=True)


def _piece(county: County, category: str) -> float:
    mean, deviation = _PIECE_KG[category]
    return county.dice.between(mean, deviation, mean * 0.8, mean * 1.3)


def _moment(county: County, month: date) -> datetime:
    return county.dice.hours(county.dice.day_in(month))
