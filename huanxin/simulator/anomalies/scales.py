"""Weighing tickets of planted sites: what a scale writes of one load, and the scrap-car and steel tickets of planted cars."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from huanxin.simulator.anomalies.plant import Plant
from huanxin.simulator.document import SHANGHAI, Document
from huanxin.simulator.firms import Firm
from huanxin.simulator.people import Person
from schemas.events.recycling_weighed import RecyclingWeighed

_PRICES = {
    "废钢": "2.35",
    "有色": "38.00",
    "报废汽车": "1.50",
    "冰箱": "1.60",
    "洗衣机": "1.50",
    "空调": "3.40",
    "电视": "0.90",
}


@dataclass(frozen=True, slots=True)
class Load:
    """One load: net and tare in kg."""

    category: str
    net: int
    tare: int = 12_340
    direction: Literal["收", "售"] = "收"
    pieces: int = 0
    vin: str | None = None


def ticket(
    plant: Plant,
    site_id: str,
    out_at: datetime,
    load: Load,
    *,
    plate: str = "",
    minutes: int = 12,
    seller: Person | None = None,
    run_by: Firm | None = None,
) -> Document:
    """The ticket of one load; its truck is one of its own unless a plate is given."""
    county = plant.county
    price = Decimal(_PRICES[load.category])
    data = RecyclingWeighed(
        site_id=site_id,
        ticket_no=f"{county.numbers.next(f'ticket {site_id} {out_at.year}'):06d}",
        in_at=out_at - timedelta(minutes=minutes),
        out_at=out_at,
        direction=load.direction,
        category=load.category,
        gross_kg=Decimal(load.tare + load.net),
        tare_kg=Decimal(load.tare),
        net_kg=Decimal(load.net),
        pieces=load.pieces,
        unit_price_yuan=price,
        amount_yuan=(price * load.net).quantize(Decimal("0.01")),
        truck_plate=plate or own_plate(plant),
        scale_id=f"{site_id}-A",
        operator="演示司磅员",
        seller=seller.name if seller else "演示企业",
        seller_id=seller.person_id if seller else None,
        site_uscc=run_by.uscc if run_by else None,
        vin=load.vin,
        town="北留镇",
    )
    return Document("recycler.weighbridge", data, out_at, county.dice.reported(out_at, 1))


def own_plate(plant: Plant) -> str:
    """A plate that no other truck has: the letters P and Q are left to planted ones."""
    number = plant.county.numbers.next("plate") % 20_000
    return f"晋E{'PQ'[number // 10_000]}{number % 10_000:04d}"


def at(plant: Plant, day: date, minute: int = 0) -> datetime:
    """An hour of the day within opening hours, or this many minutes after nine."""
    minute = minute or plant.county.dice.randrange(1, 470)
    return datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=minute)


def odd(net: int) -> int:
    """The nearest net on the scale's division of 20 kg that is no multiple of 100."""
    net = round(net / 20) * 20
    return net + 20 if net % 100 == 0 else net
