"""A33 and A34: what only shows in sums. They come last, over all that was planted before and all that is true."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any

import yaml

from huanxin.simulator.anomalies.key import Answer
from huanxin.simulator.anomalies.lawful import claim_of
from huanxin.simulator.anomalies.plant import Plant, answered, changed
from huanxin.simulator.claims import Terms
from huanxin.simulator.document import Document
from huanxin.simulator.indicators import BASE_YEAR, COUNTED
from huanxin.simulator.payments import paid
from huanxin.simulator.tally import Tally
from schemas.events.indicator_reported import IndicatorReported
from schemas.events.subsidy_paid import SubsidyPaid
from warehouse.reference_data import REFERENCE

_LARGEST = Decimal(200_000)
_OVERDRAWN, _NEARLY = ("city", "county"), ("province",)


class Totals:
    """What all documents that passed come to: counts by month, and yuan paid by fund and year."""

    def __init__(self) -> None:
        self.counted = Tally()
        self._live: dict[tuple[str, ...], tuple[str, int, Decimal]] = {}

    def add(self, document: Document, newest: bool) -> None:
        """Count one document; only its newest revision counts, and a voided one not at all."""
        data = document.data
        if newest and data.status != "voided":
            self.counted.add(data)
        if isinstance(data, SubsidyPaid):
            counts = data.status != "voided" and data.pay_result == "成功"
            self._live[data.natural_key] = (data.fund_source, data.day.year, data.amount_yuan if counts else Decimal(0))

    def paid(self) -> Counter[tuple[str, int]]:
        """Yuan by fund and year."""
        sums: Counter[tuple[str, int]] = Counter()
        for fund, year, amount in self._live.values():
            sums[fund, year] += amount  # type: ignore[assignment]  # a Counter of yuan
        return sums


def a33(plant: Plant, totals: Totals) -> Iterator[Document]:
    """Two of the four funds are overdrawn; a third is used up to within 2 %. There are no more funds to make more cases of."""
    spent = totals.paid()
    for (fund, year), approved in budgets().items():
        left = approved - Decimal(spent[fund, year])
        if fund not in (*_OVERDRAWN, *_NEARLY) or left < 0:
            continue
        wanted = left + 1_000 if fund in _OVERDRAWN else left - approved / 100
        answer = Answer("A33", "open" if fund in _OVERDRAWN else "near", f"fund:{fund}/{year}")
        while wanted > 0:
            amount = min(_LARGEST, wanted).quantize(Decimal("0.01"))
            wanted -= amount
            claim, day = claim_of(plant, "standards", plant.county.people.new(), plant.day(date(year, 8, 1), date(year, 11, 1)))
            payout = paid(plant.county, replace(claim, fund_source=fund), Terms("initial", amount, "演示-standards-2024", day))
            yield answered(payout, answer) if wanted <= 0 else payout


def a34(reports: Iterable[Document], totals: Totals) -> Iterator[Document]:
    """What 县科技局 reports, recounted over everything; every other figure is then 3 % to 8 % off, the rest 1 % to 1.8 %."""
    for number, document in enumerate(reports):
        data = document.data
        if not isinstance(data, IndicatorReported):
            raise TypeError(f"{data.event_type} is no indicator")
        month = date(BASE_YEAR, 12, 1) if "-" not in data.period else data.period_start
        counted = totals.counted.since_january(data.indicator_code, month)
        baseline = "-" not in data.period  # a wrong baseline would bend every ratio shown
        true = number % 2 == 0 and not baseline and counted > 0
        share = (0.03 + number % 6 / 100) if true else 0 if baseline else (0.01 + number % 5 / 500)
        off = (ceil if true else floor)(counted * share)
        value = counted + (off if number % 4 < 2 else -off)
        answer = Answer("A34", "open" if true else "near", f"indicator:{data.indicator_code}/{data.period}")
        yield answered(changed(document, value=Decimal(value)), answer)


def is_counted_report(document: Document) -> bool:
    """Whether it reports what the streams count too."""
    return isinstance(document.data, IndicatorReported) and document.data.indicator_code in COUNTED


def budgets() -> dict[tuple[str, int], Decimal]:
    """Approved sums by fund and year, as the rules know them."""
    file = REFERENCE / "subsidy_rules.yaml"
    entries: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["budgets"] if file.exists() else []
    return {(entry["fund_source"], entry["year"]): Decimal(entry["approved_yuan"]) for entry in entries}
