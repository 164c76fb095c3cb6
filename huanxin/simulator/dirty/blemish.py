"""What befalls one row: a table of kinds, each with its rate, what it does, and the reason for which a reader must reject it.

A kind without a reason only makes the row harder to read: it must be accepted, with its true values.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from huanxin.simulator.dice import Dice

Cells = dict[str, str]
"""Field (or @attribute) → cell as text."""
Change = Callable[[Cells, Dice], Cells]
"""The cells that change; none where the row has nothing that this kind could befall."""

_SERIAL_ZERO = date(1899, 12, 30)
_TO_FULL_WIDTH = {code: code + 0xFEE0 for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_PERSONS = ("owner_id", "seller_id", "buyer_id", "applicant_id")
_TONNES, _WAN = ("kerb_kg", "gross_kg", "tare_kg", "deduct_kg", "net_kg"), ("price_yuan", "amount_yuan")
_PLATES = ("plate", "truck_plate")
_VINS = ("vin", "old_vin", "new_vin")
_NAMES = ("owner", "seller", "buyer", "payee", "applicant")
_NUMBERED = (*_VINS, *_PLATES, *_PERSONS, *_TONNES, *_WAN, "phone", "account", "invoice_no", "cert_no", "model", "value")


@dataclass(frozen=True, slots=True)
class Blemish:
    """One kind of dirt on a row."""

    kind: str
    rate: float
    change: Change
    reason: str | None = None
    """What a reader must say when it rejects the row; None where it must accept it."""


def _present(cells: Cells, fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if cells.get(field)]


def _one(cells: Cells, fields: tuple[str, ...], dice: Dice, change: Callable[[str], str]) -> Cells:
    """One of the fields that the row has, changed; none where the change leaves it as it is."""
    found = _present(cells, fields)
    if not found:
        return {}
    field = dice.choice(found)
    value = change(cells[field])
    return {field: value} if value != cells[field] else {}


def _days(cells: Cells, dice: Dice, change: Callable[[date], str]) -> Cells:
    days = tuple(field for field in cells if field.endswith("_on"))
    return _one(cells, days, dice, lambda cell: change(date.fromisoformat(cell)))


def _full_width(cells: Cells, dice: Dice) -> Cells:
    fields = _present(cells, _NUMBERED)
    chosen = dice.sample(fields, min(len(fields), 2))
    return {field: cells[field].translate(_TO_FULL_WIDTH) for field in chosen}


def _unit(cells: Cells, dice: Dice) -> Cells:
    """A whole weighing, or one mass or price, in the other unit."""
    up = dice.happens(0.5)
    masses = _present(cells, _TONNES)
    if "gross_kg" in masses and "tare_kg" in masses:
        return {field: _scaled(cells[field], 1000, up) for field in masses}
    if "kerb_kg" in masses:
        return {"kerb_kg": _scaled(cells["kerb_kg"], 1000, up)}
    amounts = [field for field in _present(cells, _WAN) if Decimal(cells[field])]
    main = "amount_yuan" if "amount_yuan" in amounts else "price_yuan"
    return {main: _scaled(cells[main], 10_000, up)} if main in amounts and "unit_price_yuan" not in cells else {}


def _scaled(text: str, factor: int, up: bool) -> str:
    value = Decimal(text) * factor if up else Decimal(text) / factor
    return format(value.normalize(), "f")


def _float_id(cells: Cells, dice: Dice) -> Cells:
    def spoilt(cell: str) -> str:
        number = int(cell[:15] + "000")
        return f"{number:.5E}" if dice.happens(0.5) else str(number)

    return _one(cells, _PERSONS, dice, spoilt)


def _vin_letters(cells: Cells, dice: Dice) -> Cells:
    letter = dice.choice(("0O", "1I"))
    return _one(cells, _VINS, dice, lambda cell: cell[:3] + cell[3:].replace(letter[0], letter[1], 1))


def _swapped(cells: Cells, dice: Dice) -> Cells:
    if not _present(cells, ("tare_kg",)):
        return {}
    return {"gross_kg": cells["tare_kg"], "tare_kg": cells["gross_kg"]}


def _wrong_check(cells: Cells, dice: Dice) -> Cells:
    """Not for an applicant: his number is landed as claimed, and supervision asks about it."""
    persons = tuple(field for field in _PERSONS if field != "applicant_id")
    return _one(cells, persons, dice, lambda cell: cell[:17] + ("1" if cell[17] != "1" else "2"))


def _rare_name(cells: Cells, dice: Dice) -> Cells:
    """A name with a character that GBK lacks, wherever the row names that person."""
    found = _present(cells, ("owner", "seller", "buyer", "payee"))
    if not found:
        return {}
    name = cells[dice.choice(found)]
    return {field: "龚䶮" for field in _present(cells, _NAMES) if cells[field] == name}


def _grouped(cell: str) -> str:
    return f"{Decimal(cell):,}"


BLEMISHES = (
    Blemish("full_width", 0.03, _full_width),
    Blemish("serial_date", 0.02, lambda cells, dice: _days(cells, dice, lambda day: str((day - _SERIAL_ZERO).days))),
    Blemish("dotted_date", 0.02, lambda cells, dice: _days(cells, dice, lambda day: f"{day.year}.{day.month}.{day.day}")),
    Blemish("compact_date", 0.02, lambda cells, dice: _days(cells, dice, lambda day: f"{day:%Y%m%d}")),
    Blemish(
        "plate_marks", 0.02, lambda cells, dice: _one(cells, _PLATES, dice, lambda c: f"{c[:2]}{dice.choice(' ·．')}{c[2:]}")
    ),
    Blemish("lower_x", 0.02, lambda cells, dice: _one(cells, _PERSONS, dice, str.lower)),
    Blemish("spaces", 0.01, lambda cells, dice: _one(cells, _NUMBERED, dice, lambda cell: f"  {cell}　")),
    Blemish("thousands", 0.01, lambda cells, dice: _one(cells, ("price_yuan", "amount_yuan"), dice, _grouped)),
    Blemish("rare_name", 0.005, _rare_name),
    Blemish("unit_error", 0.01, _unit, "unit_suspect"),
    Blemish("float_id", 0.005, _float_id, "digits_lost"),
    Blemish("vin_letters", 0.003, _vin_letters, "vin_letters"),
    Blemish("swapped", 0.003, _swapped, "net_kg"),
    Blemish("wrong_check", 0.002, _wrong_check, "person_id"),
    Blemish("no_province", 0.002, lambda cells, dice: _one(cells, _PLATES, dice, lambda c: c[1:]), "string_pattern_mismatch"),
    Blemish("empty_cell", 0.002, lambda cells, dice: _one(cells, ("town", "source_note"), dice, lambda cell: ""), "missing"),
    Blemish("words", 0.002, lambda cells, dice: _one(cells, (*_TONNES, *_WAN), dice, lambda cell: "见附件"), "decimal_parsing"),
)


def late(cells: Cells, dice: Dice) -> Cells:
    """Reported more than a week after it happened."""
    reported = date.fromisoformat(cells["@time"][:10]) + timedelta(days=dice.randrange(8, 31))
    return {"@reportedat": re.sub(r"^\d{4}-\d{2}-\d{2}", reported.isoformat(), cells["@reportedat"])}


def again(cells: Cells, dice: Dice) -> Cells:
    """The row as it should have been, handed in some days later (补报)."""
    return cells | late(cells, dice)


def restored(cells: Cells, dice: Dice) -> Cells:
    """What was voided by mistake, entered again: the revision after the void."""
    return cells | late(cells, dice) | {"@revision": str(int(cells["@revision"]) + 2), "status": "corrected"}


def revised(cells: Cells, status: str) -> Cells:
    """The next revision of the document: corrected in a place that is no key, or voided."""
    place = "town" if "town" in cells else "source_note"
    other = {
        "town": "北留镇" if cells.get("town") != "北留镇" else "凤城镇",
        "source_note": f"{cells.get('source_note', '')}(更正)",
    }
    changed = {"@revision": str(int(cells["@revision"]) + 1), "status": status}
    return cells | changed | ({place: other[place]} if status == "corrected" else {})
