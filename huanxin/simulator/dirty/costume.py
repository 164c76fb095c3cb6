"""How a file is laid out: titles above, a header in one row or two, totals and notes among the data, hidden columns, units."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from huanxin.simulator.dirty.blemish import Cells
from huanxin.simulator.dirty.chance import Chance
from ingest.sources import Source

_OTHER_UNITS = {"kg": ("t", 1000), "元": ("万元", 10_000)}
_GROUPS = {"卖方": ("姓名", "证件号", "地址", "电话"), "买方": ("姓名", "证件号", "地址", "电话")}


@dataclass(slots=True)
class Costume:
    """One file's layout."""

    kinds: set[str] = field(default_factory=set)
    titles: tuple[str, ...] = ()
    two_rows: bool = False
    total: bool = False
    subtotal: bool = False
    note: bool = False
    hidden: bool = False
    other_unit: bool = False

    @property
    def passed_over(self) -> int:
        """How many rows below the header are no data."""
        return self.total + self.subtotal + self.note

    @classmethod
    def drawn(cls, chance: Chance, source: Source, form: str) -> "Costume":
        """A layout drawn by its rates; JSON has none."""
        costume = cls()
        if form == "json":
            return costume
        if chance.happens("title_rows", 0.4):
            costume.titles = (f"{source.department}{source.title}表", "单位:演示数据(合成)")
        costume.two_rows = chance.happens("two_row_header", 0.2)
        costume.total = chance.happens("total_row", 0.3)
        costume.subtotal = chance.happens("subtotal_row", 0.1)
        costume.note = chance.happens("note_row", 0.2)
        costume.hidden = form in ("xlsx", "xls") and chance.happens(f"hidden_column_{form}", 0.4)
        costume.other_unit = bool(renamed(source)) and chance.happens("declared_unit", 0.15)
        named = {
            "title_rows": bool(costume.titles), "two_row_header": costume.two_rows, "total_row": costume.total,
            "subtotal_row": costume.subtotal, "note_row": costume.note, "hidden_column": costume.hidden,
            "declared_unit": costume.other_unit,
        }  # fmt: skip
        costume.kinds = {kind for kind, used in named.items() if used}
        return costume


def renamed(source: Source) -> dict[str, tuple[str, str, int]]:
    """Field → its header, the same in another unit that is registered (整备质量(t) beside 整备质量(kg)), and the factor."""
    found = {}
    for header, name in source.columns.items():
        for unit, (other, factor) in _OTHER_UNITS.items():
            alias = header.replace(f"({unit})", f"({other})")
            if alias != header and alias in source.file.aliases.get(header, ()):
                found[name] = (header, alias, factor)
    return found


def in_other_unit(source: Source, cells: Cells) -> Cells:
    """The cells as the renamed headers want them."""
    changed = {}
    for name, (_, _, factor) in renamed(source).items():
        try:
            changed[name] = format((Decimal(cells[name]) / factor).normalize(), "f")
        except (InvalidOperation, KeyError):
            continue
    return cells | changed


def headers(source: Source, costume: Costume) -> list[str]:
    """The names of the columns, in one row."""
    aliases = {header: alias for header, alias, _ in renamed(source).values()} if costume.other_unit else {}
    return [aliases.get(header, header) for header in source.columns]


def two_rows(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The header as two rows: groups above their columns, everything else in the upper row with nothing below."""
    upper, lower = list(names), [""] * len(names)
    for group, parts in _GROUPS.items():
        if group in names:
            at = names.index(group)
            upper[at : at + len(parts)] = [group, *[""] * (len(parts) - 1)]
            lower[at : at + len(parts)] = parts
    if not any(lower):
        at = 4  # after the envelope's columns
        upper[at : at + 3] = ["基本信息", "", ""]
        lower[at : at + 3] = names[at : at + 3]
    return upper, lower


def total_row(label: str, source: Source, rows: Sequence[Sequence[str]]) -> list[str]:
    """A total: its label first, sums below masses and money, nothing in the key."""
    sums = []
    for place, name in enumerate(source.columns.values()):
        if name.endswith(("_kg", "_yuan")) and name != "unit_price_yuan":
            sums.append(str(sum(_number(row[place]) for row in rows)))
        else:
            sums.append("")
    return [label, *sums[1:]]


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)
