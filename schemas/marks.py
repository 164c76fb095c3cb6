"""Marks that a field carries in its annotation: personal data, units and code lists. Contracts show them.

A mark never changes what a valid value is, except `CodeList`, which restricts it to the list's codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

CODES = Path(__file__).parent / "codes"


class Kind(StrEnum):
    """What a personal value is: equal values of one kind give equal tokens, whatever field they stand in."""

    VIN = "vin"
    PERSON_ID = "person_id"
    NAME = "name"
    PHONE = "phone"
    PLATE = "plate"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Personal:
    """The field is personal data (★ in the department's documents): stored as a keyed token and a masked form."""

    kind: Kind

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-personal": self.kind.value}


@dataclass(frozen=True, slots=True)
class Unit:
    """What one of the value is, such as `yuan` or `kg`."""

    name: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        places = {"x-decimal-places": schema["decimal_places"]} if "decimal_places" in schema else {}
        return {**handler(schema), "x-unit": self.name, **places}


@dataclass(frozen=True, slots=True)
class CodeList:
    """The value is a code of `schemas/codes/<name>.yaml`; the police's and the certificate's lists clash, so each is named."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(code_list(self.name)))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "x-code-system": self.name, "x-labels": dict(code_list(self.name))}


@cache
def code_list(name: str) -> Mapping[str, str]:
    """Code → Chinese label of one code system. The file names its source and the day it is in force from."""
    document = yaml.safe_load((CODES / f"{name}.yaml").read_text(encoding="utf-8"))
    return {str(code): label for code, label in document["codes"].items()}
