"""What departments report: 2023 baselines, cumulative investment, and the shares that should rise."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from huanxin.simulator.county import County
from huanxin.simulator.document import SHANGHAI, Document
from huanxin.simulator.months import end_of
from huanxin.simulator.tally import Tally
from schemas.events.indicator_reported import IndicatorReported

BASE_YEAR = 2023
COUNTED: Mapping[str, tuple[str, str]] = {"T4": ("辆", "县科技局"), "T5": ("辆", "县科技局"), "T6": ("件", "县科技局")}
"""What streams count too: unit, and the department that reports it."""

_GROWTH = 1.06
_CENT = Decimal("0.01")

_INVESTMENT = {
    "T1.industry": (92_000, "县工信局"),
    "T1.farm": (6_500, "县农业农村局"),
    "T1.construction": (8_200, "县住建局"),
    "T1.transport": (12_400, "县交通局"),
    "T1.education": (4_300, "县教育局"),
    "T1.tourism": (3_600, "县文旅局"),
    "T1.health": (5_800, "县卫健局"),
}
"""Investment of 2023 in 万元, made up, and the department that reports it."""

_SHARES = {
    "T2": (72.0, 0.45, "县工信局"),
    "T3": (58.0, 0.42, "县工信局"),
    "Q1": (45.0, 0.5, "县能源局"),
    "Q2": (12.0, 0.35, "市生态环境局阳城分局"),
    "Q3": (8.0, 0.2, "县工信局"),
}
"""Per cent in 2023, the usual rise a month, and the department that reports it."""

_YEAR = (0.05, 0.04, 0.08, 0.08, 0.08, 0.09, 0.08, 0.08, 0.09, 0.09, 0.1, 0.14)


def indicators(county: County, tally: Tally) -> Iterator[Document]:
    """Baselines first, then each month; what streams count only in years that were simulated from their January on."""
    for code, (annual, unit_code) in _INVESTMENT.items():
        yield report(county, code, str(BASE_YEAR), unit_code, Decimal(annual), "万元", cumulative=True)
    for code, (share, _, unit_code) in _SHARES.items():
        yield report(county, code, str(BASE_YEAR), unit_code, Decimal(str(share)), "%")
    if county.covers(date(BASE_YEAR, 1, 1)) and county.covers(date(BASE_YEAR, 12, 31)):
        for code, (unit, unit_code) in COUNTED.items():
            whole_year = Decimal(tally.since_january(code, date(BASE_YEAR, 12, 1)))
            yield report(county, code, str(BASE_YEAR), unit_code, whole_year, unit, cumulative=True)
    yield from _invested(county)
    yield from _risen(county)
    for code, (unit, unit_code) in COUNTED.items():
        for month in county.months:
            if county.covers(month.replace(month=1)):
                so_far = Decimal(tally.since_january(code, month))
                yield report(county, code, f"{month:%Y-%m}", unit_code, so_far, unit, cumulative=True)


def _invested(county: County) -> Iterator[Document]:
    """2023 by month comes to its baseline exactly; the years after grow from it."""
    for code, (annual, unit_code) in _INVESTMENT.items():
        shares = {month: _YEAR[month.month - 1] * county.dice.uniform(0.93, 1.07) for month in county.months}
        base = sum(share for month, share in shares.items() if month.year == BASE_YEAR)
        total = 0.0
        for month, share in shares.items():
            total = share if month.month == 1 else total + share
            if month.year > BASE_YEAR:
                value = annual * _GROWTH ** (month.year - BASE_YEAR) * total
            elif county.covers(date(BASE_YEAR, 12, 31)):
                value = annual * total / base
            else:
                continue
            yield report(county, code, f"{month:%Y-%m}", unit_code, Decimal(value), "万元", cumulative=True)


def _risen(county: County) -> Iterator[Document]:
    for code, (share, rise, unit_code) in _SHARES.items():
        for month in county.months:
            if month.year > BASE_YEAR:
                share = min(99.0, share + rise * county.dice.uniform(0.4, 1.6))
                yield report(county, code, f"{month:%Y-%m}", unit_code, Decimal(share), "%")


def report(
    county: County,
    code: str,
    period: str,
    unit_code: str,
    value: Decimal,
    unit: str,
    *,
    cumulative: bool = False,
    late_days: int = 0,
) -> Document:
    """One approved report; it follows the period's end by five to ten days, and by `late_days` more."""
    data = IndicatorReported(
        indicator_code=code,
        period=period,
        unit_code=unit_code,
        value=value.quantize(_CENT),
        unit=unit,
        cumulative=cumulative,
        report_state="approved",
        source_note=f"演示数据(合成):{unit_code}{period}报表",
        filler="演示填报人",
        approver="演示审核人",
    )
    start = data.period_start
    end = end_of(start) if "-" in period else date(start.year, 12, 31)
    # The occurrence lies on the business day, the period's first; the report follows the period's end.
    reported = datetime.combine(end + timedelta(days=county.dice.randrange(5, 11) + late_days), time(16), SHANGHAI)
    return Document("office.indicator", data, datetime.combine(start, time(9), SHANGHAI), reported)
