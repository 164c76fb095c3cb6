"""One cell's value as the model wants it: small named steps, each over a value as text or as a workbook types it.

A step returns what it does not understand as it is: the model then refuses it with its own reason. What a spreadsheet has
spoilt beyond doubt raises Quarantined: it is never repaired, for a guess would be another person's number.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ingest.files.text import without_spaces
from schemas.check_digits import person_id_is_valid
from schemas.event import CHINA

SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's calendar; 45407 is 2024-04-25."""
EXACT_BELOW = 10**15
"""A spreadsheet keeps 15 digits of a number."""

_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_CLOCK = re.compile(r"[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?|分)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")
_MONTH = re.compile(r"(20\d{2})[-./年]?(\d{1,2})?月?")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_BRACKETED = re.compile(r"\((\d[\d,]*(?:\.\d+)?)\)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,3}")
_LONG_FLOAT = re.compile(r"\d{16,}\.0+")
_PLATE_MARKS = str.maketrans("", "", "·•‧∙・．.-—_")
_VIN_NEVER = frozenset("IOQ")

YES_NO = {"是": True, "否": False}
STATUS = {"登记": "registered", "正常": "registered", "更正": "corrected", "作废": "voided", "撤销": "voided"}


class Quarantined(ValueError):  # noqa: N818  the field's word for it
    """A value that is wrong beyond repair; `reason` is machine readable."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def iso_day(value: object) -> object:
    """A day however it is written: 2024.4.24, 2024年4月24日, 20240424, 45407, a workbook's date; a time of day is left out."""
    if isinstance(value, str):
        if len(value) == 10 and value[4] == "-" == value[7]:
            return value
        moment = _moment(value)
        return moment.date().isoformat() if moment else _no_bare_number(value)
    moment = _typed(value)
    return moment.date().isoformat() if moment else value


def iso_moment(value: object) -> object:
    """A moment however it is written; without an offset it is China's clock, without a time of day it is midnight."""
    if isinstance(value, str):
        if _ISO_MOMENT.fullmatch(value):
            return value
        moment = _moment(value)
        return moment.replace(tzinfo=CHINA).isoformat() if moment else _no_bare_number(value)
    moment = _typed(value)
    return moment.replace(tzinfo=moment.tzinfo or CHINA).isoformat() if moment else value


def iso_month(value: object) -> object:
    """A period: 2024-05 from 2024年5月, 2024.5, 202405 or the first of a month in a workbook; 2023 from 2023年."""
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m}"
    text = str(value)
    found = _MONTH.fullmatch(text)
    if not found:
        return value
    year, month = found.groups()
    return f"{year}-{int(month):02d}" if month else year


def plain_number(value: object) -> object:
    """A number as text, in one form: 1234.5 from 1,234.50 and ￥1234.5, -20000 from (20,000.00), a float to its 15 digits."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        value = format(Decimal(f"{value:.15g}"), "f")
    text = str(value)
    if text.isdigit() and text.isascii():
        return text
    if _SCIENTIFIC.fullmatch(text):
        raise Quarantined("digits_lost", "a spreadsheet has shortened the number to powers of ten: its last digits are gone")
    text = text.lstrip("¥").strip()
    if found := _BRACKETED.fullmatch(text):
        text = f"-{found[1]}"
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return text.rstrip("0").rstrip(".") if _DECIMAL.fullmatch(text) else text


def digits(value: object) -> object:
    """An identifier as text; quarantined where a spreadsheet made a number of it and lost digits beyond the fifteenth."""
    if isinstance(value, float | int | Decimal) and not isinstance(value, bool):
        if not -EXACT_BELOW < value < EXACT_BELOW:
            raise Quarantined("digits_lost", "the cell is a number: beyond 15 digits a spreadsheet puts zeros")
        return str(int(value)) if value == int(value) else str(value)
    if not isinstance(value, str):
        return str(value)
    if _SCIENTIFIC.fullmatch(value) or _LONG_FLOAT.fullmatch(value):
        raise Quarantined("digits_lost", "a spreadsheet has made a number of it: its last digits are gone")
    return value


def person_id(value: object, typed: bool) -> object:
    """A 身份证 number, its X upper case; one in …000 counts as cut by a spreadsheet, unless a workbook has it as text."""
    text = without_spaces(str(digits(value))).upper()
    if len(text) == 18 and text.endswith("000") and not (typed and person_id_is_valid(text)):
        raise Quarantined("digits_lost", "it ends in 000, as a spreadsheet leaves it that keeps 15 digits of a number")
    return text


def vin(value: object) -> object:
    """A VIN without spaces and dashes, upper case. I, O and Q are in no VIN: which digit was meant is not guessed."""
    text = without_spaces(str(digits(value))).replace("-", "").upper()
    if len(text) == 17 and not _VIN_NEVER.isdisjoint(text):
        raise Quarantined("vin_letters", "a VIN has no letter I, O or Q: look at the document whether 1 or 0 is meant")
    return text


def plate(value: object) -> object:
    """A plate without spaces, dots and dashes, upper case."""
    return without_spaces(str(value)).translate(_PLATE_MARKS).upper()


def _typed(value: object) -> datetime | None:
    """A date, or a day number, as a workbook holds it."""
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = float(value)
        return _from_serial(number) if 10_000 <= number < 100_000 else None
    return None


def _from_serial(number: float) -> datetime:
    return datetime.combine(SERIAL_ZERO, time()) + timedelta(seconds=round(number * 86_400))


def _moment(text: str) -> datetime | None:
    """Day and time of day from text without an offset."""
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    try:
        if found := _COMPACT.fullmatch(text):
            return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        if found := _DAY.match(text):
            rest = text[found.end() :]
            clock = _CLOCK.fullmatch(rest)
            if clock or not rest.strip():
                hours = [int(part or 0) for part in clock.groups()] if clock else []
                return datetime(*map(int, found.groups()), *hours)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    return None


def _no_bare_number(text: str) -> str:
    """A bare number that is no day would be taken for seconds since 1970."""
    if text.replace(".", "", 1).isdigit():
        raise Quarantined("day_unreadable", "the number is no day: write it as 2024-04-24")
    return text
