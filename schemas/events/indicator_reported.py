"""指标报送: a department reports one indicator for one period."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.event import EventData
from schemas.fields import Code, PersonName, Text
from schemas.marks import CodeList

Period = Annotated[str, StringConstraints(pattern=r"^20\d{2}(-(0[1-9]|1[0-2]))?$")]
"""A year (2023) or a month (2024-09)."""


class IndicatorReported(
    EventData, event_type="indicator.reported", key=("indicator_code", "period", "unit_code"), day="period_start"
):
    """Source: the lead departments. A 2023 baseline is an approved indicator of the period 2023 with its source."""

    indicator_code: Annotated[str, CodeList("indicator")]
    period: Period
    unit_code: Code
    """The reporting unit."""
    value: Annotated[Decimal, Field(max_digits=18, decimal_places=4)]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=10)]
    """Unit of the value: 万元, 辆, 件, 吨, %."""
    cumulative: bool
    """True where the value counts from January of the period's year."""
    report_state: Literal["draft", "submitted", "returned", "approved"]
    source_note: Text
    """Where the figure comes from; synthetic figures say 演示数据(合成)."""
    filler: PersonName
    """填报人."""
    approver: PersonName | None = None
    """审核人."""
    attachment_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @property
    def period_start(self) -> date:
        """The first day of the period."""
        return date.fromisoformat(f"{self.period}-01" if "-" in self.period else f"{self.period}-01-01")
