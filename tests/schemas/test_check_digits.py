"""The reference numbers of the standards, and what one wrong character does to them."""

import pytest

from schemas.check_digits import person_id_check_digit, person_id_is_valid, uscc_check_character, vin_check_digit

VIN = "1M8GDM9AXKP042788"
PERSON_ID = "11010519491231002X"


def test_vin_reference_number() -> None:
    assert vin_check_digit(VIN) == "X"


@pytest.mark.parametrize("position", [0, 3, 7, 9, 11, 16])
def test_vin_check_digit_notices_a_changed_digit(position: int) -> None:
    changed = VIN[:position] + "4" + VIN[position + 1 :]
    assert vin_check_digit(changed) != "X"


def test_vin_position_nine_has_no_weight() -> None:
    assert vin_check_digit(VIN[:8] + "0" + VIN[9:]) == "X"


@pytest.mark.parametrize("letter", "IOQ")
def test_vin_letters_that_look_like_digits_are_unknown(letter: str) -> None:
    with pytest.raises(KeyError):
        vin_check_digit(letter + VIN[1:])


def test_vin_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        vin_check_digit(VIN[:-1])


def test_person_id_reference_number() -> None:
    assert person_id_check_digit(PERSON_ID[:17]) == "X"
    assert person_id_is_valid(PERSON_ID)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # another check character
        "11010519491231002x",  # lower case
        "110105194902310025",  # 31 February
        "11010519491231000X",  # another serial
        "1101051949123100",  # too short
        "110105194912310000",  # fifteen digits kept by a spreadsheet, then zeros
        "1.10105194912310E+17",
        "",
    ],
)
def test_wrong_person_ids(number: str) -> None:
    assert not person_id_is_valid(number)


def test_a_birth_date_must_be_a_date_even_where_the_check_character_fits() -> None:
    first_17 = "11010519490231002"
    assert not person_id_is_valid(first_17 + person_id_check_digit(first_17))


def test_uscc_reference_number() -> None:
    # A widely printed sample code, 91350100M000100Y43.
    assert uscc_check_character("91350100M000100Y4") == "3"


def test_uscc_check_character_notices_a_swap() -> None:
    assert uscc_check_character("91350100M00010Y04") != "3"


def test_uscc_remainder_zero_gives_zero() -> None:
    assert uscc_check_character("0" * 17) == "0"
