"""What is taken in and yet worth a second look: check digits that lawful numbers may fail too."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ingest.files.cells import parts_of
from schemas.check_digits import uscc_check_character, vin_check_digit
from schemas.event import EventData
from schemas.marks import Kind, Personal

Check = Callable[[str], bool]


def doubts(model: type[EventData]) -> Callable[[Mapping[str, Any]], list[tuple[str, str]]]:
    """A function that names reason and field of each doubt about one valid row's data."""
    checks: list[tuple[str, str, Check]] = []
    for name, info in model.model_fields.items():
        if any(isinstance(part, Personal) and part.kind is Kind.VIN for part in parts_of(info)):
            checks.append(("vin_check_digit", name, _vin_agrees))
        elif name.endswith("_uscc"):
            checks.append(("uscc_check_character", name, _uscc_agrees))

    def look(data: Mapping[str, Any]) -> list[tuple[str, str]]:
        found = []
        for reason, field, agrees in checks:
            value = data.get(field)
            if value and not agrees(value):
                found.append((reason, f"data.{field}"))
        return found

    return look


def _vin_agrees(vin: str) -> bool:
    """GB 16735: the ninth character; imported cars may differ."""
    vin = vin.strip()  # the model does so too
    return vin_check_digit(vin) == vin[8]


@lru_cache(maxsize=4096)
def _uscc_agrees(code: str) -> bool:
    """GB 32100: the last character; some early codes differ."""
    code = code.strip()
    return uscc_check_character(code[:17]) == code[17]
