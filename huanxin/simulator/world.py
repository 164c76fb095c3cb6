"""The true world: every document the county's departments would register in the months asked for."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain

from huanxin.simulator.appliances import appliance_subsidies
from huanxin.simulator.car_subsidies import replace_subsidies, scrap_subsidies
from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.indicators import indicators
from huanxin.simulator.new_cars import registrations
from huanxin.simulator.options import Options
from huanxin.simulator.other_subsidies import farm_subsidies, standards_subsidies, truck_subsidies
from huanxin.simulator.scrappage import certificate, deregistration, lost_cars
from huanxin.simulator.scrapped import scrapped_cars
from huanxin.simulator.tally import Tally
from huanxin.simulator.task_reports import task_reports
from huanxin.simulator.used_cars import transfers
from huanxin.simulator.weighing import tickets


def world(options: Options) -> Iterator[Document]:
    """The true documents, case by case; the export puts them in order of time."""
    county, tally = County.of(options), Tally()
    for document in _happenings(county):
        # What lies beyond the last day has not happened yet; what lies before the first was never asked for.
        if county.covers(document.data.day):
            tally.add(document.data)
            yield document
    yield from indicators(county, tally)
    yield from task_reports(county)


def _happenings(county: County) -> Iterator[Document]:
    cars = scrapped_cars(county)
    for case in cars:
        yield certificate(county, case)
        yield deregistration(county, case.vehicle, case.owner, case.cancelled)
    yield from lost_cars(county)
    already: Counter[tuple[str, date]] = Counter()
    cases = (scrap_subsidies(county, cars), truck_subsidies(county, cars), replace_subsidies(county))
    for document in chain(*cases):
        already[document.data.event_type, document.data.day.replace(day=1)] += 1
        yield document
    for month in county.months:
        yield from transfers(county, month, already["usedcar.transferred", month])
        yield from registrations(county, month, already["newcar.registered", month])
    yield from farm_subsidies(county)
    yield from standards_subsidies(county)
    yield from appliance_subsidies(county)
    yield from tickets(county, cars)
