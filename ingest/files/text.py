"""Small steps over text as people and spreadsheets write it: each does one thing and changes nothing else."""

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5}
_FULL_WIDTH_WORDS = {code: half for code, half in _FULL_WIDTH.items() if chr(half).isalnum() or half == 0x20}
_SPACES = re.compile(r"\s+")


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces as ordinary ones; Chinese characters stay."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def half_width_words(text: str) -> str:
    """Full-width letters, digits and spaces as ordinary ones; Chinese punctuation stays, as names and addresses have it."""
    return text if text.isascii() else text.translate(_FULL_WIDTH_WORDS)


def trimmed(text: str) -> str:
    """Without what nobody sees: spaces at the ends and characters without width."""
    return text.strip() if text.isascii() else text.translate(_INVISIBLE).strip()


def without_spaces(text: str) -> str:
    """Without any white space or characters without width."""
    return _SPACES.sub("", trimmed(text))


def squeezed(text: object) -> str:
    """A header or label to compare by: half-width, without spaces and line breaks, one form of each letter."""
    return unicodedata.normalize("NFC", half_width(without_spaces(half_width(str(text)))))
