"""Weighing tickets: gross = tare + deduct + net, all to the scale's division of 20 kg."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.loads import Load, loads
from huanxin.simulator.scrapped import Scrapped
from huanxin.simulator.sites import sites
from schemas.events.recycling_weighed import RecyclingWeighed

DIVISION = 20
REVERSE_INVOICES_FROM = date(2024, 4, 29)

_PRICES = {"废钢": 2.35, "有色": 38.0, "塑料": 2.6, "报废汽车": 1.5, "电池": 8.2}
_PRICES |= {"冰箱": 1.6, "洗衣机": 1.5, "电视": 0.9, "空调": 3.4, "电脑": 2.8}
_MARGIN = 1.08
"""What a site earns when it sells on."""


def tickets(county: County, cars: list[Scrapped]) -> Iterator[Document]:
    """All tickets; a site numbers its own in the order of time, from 1 each year."""
    everything = loads(county, sites(county.dice, county.people), cars)
    same: Counter[tuple[str, date, int]] = Counter()
    for load in sorted(everything, key=lambda load: (load.out_at, load.site.site_id)):
        net = max(DIVISION, _divide(load.net_kg * county.dice.gauss(1, 0.003)))
        day = load.out_at.date()
        # Three equal loads on one scale in a day would look copied; the true world has none.
        while same[load.site.site_id, day, net] >= 2:
            net += DIVISION
        same[load.site.site_id, day, net] += 1
        yield _ticket(county, load, net)


def _divide(mass: float) -> int:
    return round(mass / DIVISION) * DIVISION


def _ticket(county: County, load: Load, net: int) -> Document:
    dice, site, day = county.dice, load.site, load.out_at.date()
    truck = site.truck(dice, net)
    tare = _divide(truck.tare_kg * dice.gauss(1, 0.003))
    deduct = DIVISION * dice.randrange(1, 4) if not load.pieces and dice.happens(0.12) else 0
    price = Decimal(f"{_PRICES[load.category] * dice.uniform(0.95, 1.05) * (_MARGIN if load.sold else 1):.2f}")
    # A ticket names who sells: a person, an enterprise, or the site itself where it sells on.
    organisation = f"演示{site.town}再生资源站" if load.sold else f"演示{site.town}企业{dice.randrange(1, 20)}"
    reverse = load.seller and not load.sold and day >= REVERSE_INVOICES_FROM and dice.happens(0.7)
    data = RecyclingWeighed(
        site_id=site.site_id,
        ticket_no=f"{county.numbers.next(f'ticket {site.site_id} {day.year}'):06d}",
        in_at=load.out_at - timedelta(minutes=dice.randrange(6, 41)),
        out_at=load.out_at,
        direction="售" if load.sold else "收",
        category=load.category,
        gross_kg=Decimal(tare + deduct + net),
        tare_kg=Decimal(tare),
        deduct_kg=Decimal(deduct),
        net_kg=Decimal(net),
        pieces=load.pieces,
        unit_price_yuan=price,
        amount_yuan=(price * net).quantize(Decimal("0.01")),
        truck_plate=truck.plate,
        scale_id=f"{site.site_id}-A",
        operator=dice.choice(site.operators),
        seller=load.seller.name if load.seller else organisation,
        seller_id=load.seller.person_id if load.seller else None,
        reverse_invoice_no=county.numbers.invoice() if reverse else None,
        site_uscc=site.uscc or None,
        vin=load.vin,
        town=site.town,
    )
    return Document(site.source, data, load.out_at, dice.reported(load.out_at, 1))
