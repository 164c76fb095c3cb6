"""Cells as clerks and spreadsheets leave them: tables of cases, one for each step."""

from datetime import date, datetime
from typing import Any

import pytest

from ingest.files import normalise
from ingest.files.normalise import Quarantined
from ingest.files.text import half_width, half_width_words, squeezed, trimmed
from schemas.check_digits import person_id_check_digit

DAYS = [
    ("2024-04-24", "2024-04-24"),
    ("2024.4.24", "2024-04-24"),
    ("2024/04/24", "2024-04-24"),
    ("2024年4月24日", "2024-04-24"),
    ("20240424", "2024-04-24"),
    ("2024-4-24 00:00:00", "2024-04-24"),
    ("2024-04-24 23:59", "2024-04-24"),
    ("45407", "2024-04-25"),
    (45407, "2024-04-25"),
    (45407.75, "2024-04-25"),
    (datetime(2024, 4, 24, 8, 5), "2024-04-24"),  # noqa: DTZ001  as workbooks hold it
    (date(2024, 4, 24), "2024-04-24"),
    ("昨天", "昨天"),
    ("2024.13.24", "2024.13.24"),
    ("24.4.24", "24.4.24"),
]


@pytest.mark.parametrize(("cell", "day"), DAYS)
def test_days(cell: object, day: object) -> None:
    assert normalise.iso_day(cell) == day


@pytest.mark.parametrize("cell", ["20241324", "1713916800", "2024", "454"])
def test_a_bare_number_that_is_no_day_is_never_taken_for_seconds(cell: str) -> None:
    with pytest.raises(Quarantined, match="no day"):
        normalise.iso_day(cell)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-04-24T08:30:00+08:00", "2024-04-24T08:30:00+08:00"),
        ("2024-04-24T00:30:00Z", "2024-04-24T00:30:00Z"),
        ("2024.4.24 8:30", "2024-04-24T08:30:00+08:00"),
        ("2024年4月24日 8时30分15秒", "2024-04-24T08:30:15+08:00"),
        ("20240424083015", "2024-04-24T08:30:15+08:00"),
        ("2024-04-24", "2024-04-24T00:00:00+08:00"),
        ("45407.354166666664", "2024-04-25T08:30:00+08:00"),
        (45407.354166666664, "2024-04-25T08:30:00+08:00"),
        (datetime(2024, 4, 24, 8, 29, 59, 999_600), "2024-04-24T08:30:00+08:00"),  # noqa: DTZ001  a float's rounding
        ("上午", "上午"),
    ],
)
def test_moments(cell: object, moment: object) -> None:
    assert normalise.iso_moment(cell) == moment


@pytest.mark.parametrize(
    ("cell", "month"),
    [("2024-05", "2024-05"), ("2024年5月", "2024-05"), ("2024.5", "2024-05"), ("202405", "2024-05"), ("2023年", "2023"),
     (2023, "2023"), (datetime(2024, 5, 1), "2024-05"), ("五月", "五月")],  # noqa: DTZ001
)  # fmt: skip
def test_periods(cell: object, month: object) -> None:
    assert normalise.iso_month(cell) == month


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1234", "1234"), ("1,234.50", "1234.5"), ("￥1234", "1234"), ("(20,000.00)", "-20000"), ("-0.50", "-0.5"),
        ("0.00", "0"), (0.1 + 0.2, "0.3"), (3.0, "3"), (1e15, "1000000000000000"), (12, "12"), ("1,23", "1,23"), ("多", "多"),
        ("12kg", "12kg"),
    ],
)  # fmt: skip
def test_numbers(cell: Any, number: object) -> None:
    assert normalise.plain_number(half_width(cell) if isinstance(cell, str) else cell) == number


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("140599197202030016", "140599197202030016"),
        ("14059919720203001x", "14059919720203001X"),
        ("1405 9919 7202 030016", "140599197202030016"),
    ],
)
def test_identity_numbers(cell: str, text: str) -> None:
    assert normalise.person_id(cell, typed=False) == text


@pytest.mark.parametrize(
    "cell",
    [
        "1.40599E+17",
        "1.40599197202030016E+17",
        "140599197202030000",
        "140599197202030016.0",
        1.40599197202030016e17,
        140599197202030016,
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_identity_numbers_that_were_numbers_are_quarantined(cell: object, typed: bool) -> None:
    with pytest.raises(Quarantined) as caught:
        normalise.person_id(cell, typed=typed)
    assert caught.value.reason == "digits_lost"


def test_a_true_number_in_000_is_known_only_where_a_workbook_holds_it_as_text() -> None:
    days = (f"14059919700101{hundred}00" for hundred in range(1, 10))
    days = (*days, *(f"14059919700102{hundred}00" for hundred in range(1, 10)))
    true = next(f"{first}0" for first in days if person_id_check_digit(first) == "0")
    assert normalise.person_id(true, typed=True) == true
    with pytest.raises(Quarantined):
        normalise.person_id(true, typed=False)


@pytest.mark.parametrize(
    ("cell", "text"), [(13800000000, "13800000000"), (13800000000.0, "13800000000"), ("0012", "0012"), ("GX-12E5", "GX-12E5")]
)
def test_other_numbers_of_documents(cell: object, text: str) -> None:
    assert normalise.digits(cell) == text


@pytest.mark.parametrize("cell", ["9.99E+18", 9990000000000016371, 9.990000000000016e18])
def test_long_numbers_that_were_numbers_are_quarantined(cell: object) -> None:
    with pytest.raises(Quarantined):
        normalise.digits(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("晋E·A1234", "晋EA1234"),
        ("晋 E A1234", "晋EA1234"),
        ("晋e-a1234", "晋EA1234"),
        ("晋E．A1234", "晋EA1234"),
        ("A1234", "A1234"),
    ],
)
def test_plates(cell: str, text: str) -> None:
    assert normalise.plate(half_width(cell)) == text


def test_vins() -> None:
    assert normalise.vin("l0y9 6423-46a001685") == "L0Y9642346A001685"
    assert normalise.vin("L0Y964") == "L0Y964"
    for wrong in ("LOY9642346A001685", "L0Y9642346A00I685", "L0Y9642346AQ01685"):
        with pytest.raises(Quarantined) as caught:
            normalise.vin(wrong)
        assert caught.value.reason == "vin_letters"


@pytest.mark.parametrize(
    ("step", "text", "wanted"),
    [
        (half_width, "ＶＩＮ０１２（元）　￥", "VIN012(元) ¥"),
        (half_width_words, "演示Ｓ１（阳城）", "演示S1（阳城）"),
        (trimmed, "\u200b 　王䶮\ufeff ", "王䶮"),
        (squeezed, " 车价\n合计（元） ", "车价合计(元)"),
    ],
)
def test_text(step: Any, text: str, wanted: str) -> None:
    assert step(text) == wanted
