"""Masked forms keep what a clerk needs and no more."""

import pytest

from schemas.marks import Kind
from schemas.masking import mask


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (Kind.VIN, "L0Y6222908A000088", "L0Y***0088"),
        (Kind.PERSON_ID, "140599195603080015", "140***0015"),
        (Kind.PHONE, "10000000088", "100***0088"),
        (Kind.PLATE, "晋EA4539", "晋E***39"),
        (Kind.ACCOUNT, "9990000000000000888", "***0888"),
        (Kind.NAME, "史帆", "史***"),
        (Kind.NAME, "欧阳长河", "欧***"),
        (Kind.ADDRESS, "阳城县北留镇演示29村379号", "阳城县***"),
    ],
)
def test_masked_forms(kind: Kind, value: str, masked: str) -> None:
    assert mask(kind, value) == masked


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("value", ["", "一", "二二", "三三三三"])
def test_a_short_value_never_shows_whole(kind: Kind, value: str) -> None:
    assert mask(kind, value) != value
    assert "***" in mask(kind, value)


def test_the_length_does_not_show() -> None:
    assert mask(Kind.NAME, "张伟") == mask(Kind.NAME, "张伟伟伟")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_form(kind: Kind) -> None:
    assert mask(kind, "0123456789ABCDEF").count("***") == 1
