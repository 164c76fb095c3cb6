"""Check digits of the identifiers that appear in the county's documents."""

import re
from datetime import date
from functools import lru_cache

_VIN_VALUES = {**{str(d): d for d in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
_VIN_VALUES |= {
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ID_PATTERN = re.compile(r"\d{17}[\dX]")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def vin_check_digit(vin: str) -> str:
    """The ninth character a 17-character VIN should have (GB 16735, ISO 3779). Imported cars may differ: warn only."""
    remainder = sum(_VIN_VALUES[c] * w for c, w in zip(vin, _VIN_WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def person_id_check_digit(first_17: str) -> str:
    """The eighteenth character of a 身份证 number from its first seventeen digits (GB 11643)."""
    return _ID_CHECKS[sum(int(c) * w for c, w in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def person_id_is_valid(number: str) -> bool:
    """Pattern, birth date and check character of a 身份证 number (GB 11643)."""
    if not _ID_PATTERN.fullmatch(number):
        return False
    birth = _birth_sum(number[6:14])  # divisions, birthdays and orders repeat: their parts of the weighted sum are kept
    total = _division_sum(number[:6]) + birth + _order_sum(number[14:17])
    return birth >= 0 and _ID_CHECKS[total % 11] == number[17]


def _part_sum(start: int, digits: str) -> int:
    return sum(int(c) * w for c, w in zip(digits, _ID_WEIGHTS[start:], strict=False))


@lru_cache(maxsize=65_536)
def _division_sum(digits: str) -> int:
    return _part_sum(0, digits)


@lru_cache(maxsize=1000)
def _order_sum(digits: str) -> int:
    return _part_sum(14, digits)


@lru_cache(maxsize=65_536)
def _birth_sum(digits: str) -> int:
    """The birthday's part of the weighted sum; -1 where it is no day."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return -1
    return _part_sum(6, digits)


def uscc_check_character(first_17: str) -> str:
    """The eighteenth character of a 统一社会信用代码 (GB 32100). Some early codes fail: warn only."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first_17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]
