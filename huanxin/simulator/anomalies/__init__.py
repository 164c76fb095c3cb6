"""Plants true cases of every supervision rule, near misses and cases that a correction explains, and says so in the answer key.

A stage between the true world and the export. Planted cases live in a second county, none of whose numbers meets the first's;
what departments report of counted targets is counted anew, so that only the planted wrong reports differ from the streams.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from huanxin.simulator.anomalies import (
    amounts,
    newcars,
    papers,
    people,
    recyclers,
    shops,
    tickets,
    timing,
    totals,
    traffic,
    twice,
)
from huanxin.simulator.anomalies.key import TOKENS, Answer
from huanxin.simulator.anomalies.plant import Plant, late
from huanxin.simulator.anomalies.totals import Totals, is_counted_report
from huanxin.simulator.county import County
from huanxin.simulator.document import NEVER, Document
from huanxin.simulator.options import Options

FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
_LATE = 0.05
"""Share of planted documents that come a week to a month late."""

PLANTERS: tuple[Callable[[Plant], Iterator[Document]], ...] = (
    *(papers.a01, papers.a02, papers.a03, twice.a04, twice.a05, twice.a06, twice.a07, amounts.a08, amounts.a09, amounts.a10),
    *(people.a11, people.a12, people.a13, people.a14, newcars.a15, newcars.a16, newcars.a17),
    *(traffic.a18, traffic.a19, traffic.a20, recyclers.a21, recyclers.a22, tickets.a23, tickets.a24, tickets.a25, tickets.a26),
    *(tickets.a27, shops.a28, shops.a29, timing.a30, timing.a31, timing.a32, people.a35, recyclers.weighed),
)
"""In this order; the tickets of the planted cars come when all cars are planted. A33 and A34 follow over the sums."""


def anomalies(options: Options) -> Callable[[Iterator[Document]], Iterator[Document]]:
    """The stage. Raises ValueError where the months simulated do not cover those that the cases lie in."""
    if options.first > FIRST or options.last < LAST:
        raise ValueError(f"anomalies are planted in {FIRST:%Y-%m} to {LAST:%Y-%m}: simulate at least these months")

    def stage(documents: Iterator[Document]) -> Iterator[Document]:
        plant, sums = Plant(County.of(options, second=True)), Totals()
        reports: list[Document] = []
        for document in documents:
            if is_counted_report(document):
                reports.append(document)
            else:
                if NEVER not in document.faults:  # nobody will count it
                    sums.add(document, newest=True)
                yield document
        for planter in PLANTERS:
            yield from _counted([_delayed(plant, document) for document in planter(plant)], sums)
        yield from _counted(list(totals.a33(plant, sums)), sums)
        yield from totals.a34(reports, sums)

    return stage


def _delayed(plant: Plant, document: Document) -> Document:
    if document.revision == 1 and plant.county.dice.happens(_LATE):
        return late(document, plant.county.dice.randrange(8, 31))
    return document


def _counted(documents: list[Document], sums: Totals) -> Iterator[Document]:
    newest = {(document.source, document.data.natural_key): document.revision for document in sorted(documents, key=_revision)}
    for document in documents:
        last = newest[document.source, document.data.natural_key] == document.revision
        sums.add(document, newest=last)
        yield replace(document, counts=last and document.data.status != "voided")


def _revision(document: Document) -> int:
    return document.revision


__all__ = ["PLANTERS", "TOKENS", "Answer", "anomalies"]
