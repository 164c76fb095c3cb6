"""The answer key: one line per true document, with what a correct count of it comes to."""

import json
from decimal import Decimal

from huanxin.simulator.document import Document
from huanxin.simulator.towns import COUNTY
from ingest.sources import sources
from schemas.event import EventData
from schemas.events.indicator_reported import IndicatorReported
from schemas.events.newcar_registered import NewcarRegistered
from schemas.events.recycling_weighed import RecyclingWeighed
from schemas.events.scrappage_certified import ScrappageCertified
from schemas.events.scrappage_deregistered import ScrappageDeregistered
from schemas.events.subsidy_paid import SubsidyPaid
from schemas.events.usedcar_transferred import UsedcarTransferred

WHOLE_COUNTY = "全县"
_NOTHING = Decimal(0)


def truth_line(document: Document) -> str:
    """One line of `truth.jsonl`, without its line end."""
    data = document.data
    category, pieces, net, amount = measures(data)
    if not document.counts:
        pieces, net, amount = 0, _NOTHING, _NOTHING
    line = {
        "type": data.event_type,
        "source": document.source,
        "department": sources()[document.source].department,
        "day": data.day.isoformat(),
        "town": getattr(data, "town", WHOLE_COUNTY),
        "category": category,
        "events": int(document.counts),
        "pieces": pieces,
        "net_kg": str(net),
        "amount_yuan": str(amount),
        "key": list(data.natural_key),
        "faults": list(document.faults),
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def measures(data: EventData) -> tuple[str, int, Decimal, Decimal]:
    """Category, pieces, net mass in kg and amount in yuan of one document."""
    match data:
        case ScrappageDeregistered():
            scrapped = _placed(data.vehicle_class, data.division)
            return scrapped if data.cancel_reason == "报废" else data.cancel_reason, 1, _NOTHING, _NOTHING
        case ScrappageCertified():
            return _placed(data.vehicle_class, data.recycler_division), 1, _NOTHING, _NOTHING
        case UsedcarTransferred():
            return data.in_out, 1, _NOTHING, data.price_yuan
        case RecyclingWeighed():
            category = data.category + ("·售" if data.direction == "售" else "")
            return category, data.pieces, data.net_kg, data.amount_yuan
        case SubsidyPaid():
            return data.item_code, 0, _NOTHING, data.amount_yuan if data.pay_result == "成功" else _NOTHING
        case NewcarRegistered():
            return "nev" if data.nev_catalogue else "fuel", 1, _NOTHING, data.price_yuan
        case IndicatorReported():
            return data.indicator_code, 0, _NOTHING, _NOTHING
    raise TypeError(f"no measures are defined for {data.event_type}")


def _placed(vehicle_class: str, division: str) -> str:
    """A class of the county, or of outside: T4 counts the county's alone."""
    return vehicle_class if division == COUNTY else f"{vehicle_class}·县外"
