"""Units that files are written in: a field's own unit follows from the end of its name, and a source may declare another."""

from collections.abc import Mapping
from decimal import Decimal

UNITS: Mapping[str, Mapping[str, Decimal]] = {
    "unit_price_yuan": {"元/kg": Decimal(1), "元/公斤": Decimal(1), "元/t": Decimal("0.001"), "元/吨": Decimal("0.001")},
    "_kg": {"kg": Decimal(1), "千克": Decimal(1), "公斤": Decimal(1), "t": Decimal(1000), "吨": Decimal(1000)},
    "_yuan": {"元": Decimal(1), "万元": Decimal(10_000)},
}
"""End of a field's name → unit → what one of it is in the field's own unit. The first end that fits counts."""

CONFUSED: Mapping[str, Decimal] = {"_kg": Decimal(1000), "_yuan": Decimal(10_000)}
"""End of a field's name → the factor by which its values are wrong where kg stands for t, or 元 for 万元."""


def units_of(field: str) -> Mapping[str, Decimal]:
    """The units that a field's column may be written in; none for a field that is no mass and no money."""
    return next((units for end, units in UNITS.items() if field.endswith(end)), {})


def confused_by(field: str) -> Decimal | None:
    """The factor of the usual mistake of unit, where there is one."""
    return next((factor for end, factor in CONFUSED.items() if field.endswith(end)), None)
