"""What departments report of the 15 tasks beside the targets: running counts of the year, some of them late, some missing."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from huanxin.simulator.county import County
from huanxin.simulator.document import Document
from huanxin.simulator.indicators import report

_FIRST = date(2024, 6, 1)

_MEASURES = {
    "M02.elevator": (4, "台", "县住建局"),
    "M03.truck": (9, "辆", "县交通局"),
    "M04.machine": (11, "台", "县农业农村局"),
    "M08.charger": (26, "个", "县能源局"),
    "M09.appliance": (2_300, "件", "县科技局"),
    "M10.home": (60, "户", "县科技局"),
    "M10.elderly": (14, "户", "县民政局"),
    "M11.site": (3, "个", "县供销联社"),
    "M13.project": (1, "个", "开发区管委会"),
    "M14.standard": (1, "项", "县市场监管局"),
    "M15.project": (5, "个", "县发改局"),
    "M15.fund": (820, "万元", "县财政局"),
}
"""A month's usual number, made up; the unit; the department that reports it."""

_SLOW = {"开发区管委会": 0.6, "县供销联社": 0.3}
"""How often a department reports after the day it is due."""
_SILENT = {"县民政局": 0.3, "开发区管委会": 0.2}
"""How often it does not report at all."""


def task_reports(county: County) -> Iterator[Document]:
    """Each measure by month, counted since January or since the plan began."""
    dice = county.dice
    for code, (usual, unit, unit_code) in _MEASURES.items():
        total = 0
        for month in county.months:
            if month < _FIRST:
                continue
            total = dice.about(usual) + (0 if month.month == 1 else total)
            if dice.happens(_SILENT.get(unit_code, 0)):
                continue
            late = dice.randrange(12, 30) if dice.happens(_SLOW.get(unit_code, 0)) else 0
            yield report(county, code, f"{month:%Y-%m}", unit_code, Decimal(total), unit, cumulative=True, late_days=late)
