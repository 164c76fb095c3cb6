"""Field types shared by the event models, each with its unit, its pattern and its marks."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from schemas.check_digits import person_id_is_valid
from schemas.marks import Kind, Personal, Unit


def _person_id(value: str) -> str:
    if not person_id_is_valid(value):
        raise PydanticCustomError("person_id", "not a valid 身份证 number: check pattern, birth date and check character")
    return value


Vin = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$"), Personal(Kind.VIN)]
"""车辆识别代号, 17 characters (GB 16735). A wrong check digit is not refused: imported cars differ."""

PersonId = Annotated[str, AfterValidator(_person_id), Personal(Kind.PERSON_ID)]
"""公民身份号码 (GB 11643); a wrong check character or birth date is refused."""


def _claimed_person_id(value: str) -> str:
    if value.endswith("000") and not person_id_is_valid(value):
        raise PydanticCustomError("person_id", "the last digits are lost, as a spreadsheet does that keeps it as a number")
    return value


ClaimedPersonId = Annotated[
    str,
    StringConstraints(pattern=r"^\d{17}[\dXx]$", to_upper=True),
    AfterValidator(_claimed_person_id),
    Personal(Kind.PERSON_ID),
]
"""公民身份号码 as an applicant claims it: what looks like one is kept for supervision to judge; lost digits are refused."""

PersonName = Annotated[str, StringConstraints(min_length=1, max_length=100), Personal(Kind.NAME)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+-]{5,20}$"), Personal(Kind.PHONE)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=300), Personal(Kind.ADDRESS)]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{8,30}$"), Personal(Kind.ACCOUNT)]

Plate = Annotated[str, StringConstraints(pattern=r"^[\u4e00-\u9fa5][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警]$"), Personal(Kind.PLATE)]
"""号牌号码. A plate is reused and is never a key (GA 36)."""

Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
"""统一社会信用代码, 18 characters (GB 32100)."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]

Division = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
"""行政区划代码, six digits (GB/T 2260); 140522 is 阳城县."""

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2149, 6, 6))]
"""A calendar day that ClickHouse's Date can hold; an earlier or later one is a slip of the pen."""

Yuan = Annotated[Decimal, Field(max_digits=15, decimal_places=2), Unit("yuan")]
"""Money in yuan, exact to the fen; negative only where a document says so (recovery, red invoice)."""

PositiveYuan = Annotated[Decimal, Field(max_digits=15, decimal_places=2, ge=0), Unit("yuan")]

Kilograms = Annotated[Decimal, Field(max_digits=12, decimal_places=2, ge=0), Unit("kg")]
"""Mass in kg, never tonnes."""

Pieces = Annotated[int, Field(ge=0, le=100_000), Unit("pieces")]
Millilitres = Annotated[int, Field(ge=0, le=20_000), Unit("ml")]
Kilometres = Annotated[int, Field(ge=0, le=5_000_000), Unit("km")]
Town = Annotated[str, StringConstraints(min_length=2, max_length=20)]
"""乡镇, by its Chinese name; 县外 outside the county."""
