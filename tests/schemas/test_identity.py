"""Ids are deterministic under one key, differ under another, and lead back to day and revision."""

from datetime import date

import pytest

from schemas.identity import ID_BYTES, EventId, Identifier, normalise
from schemas.marks import Kind

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
VIN = "L0Y6222908A000088"


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Identifier(b"short")


def test_id_is_the_same_for_every_resend() -> None:
    once = Identifier(KEY).id("police.transfer", "usedcar.transferred", ("a", "b"))
    assert once == Identifier(KEY).id("police.transfer", "usedcar.transferred", ["a", "b"])
    assert len(once) == ID_BYTES


@pytest.mark.parametrize(
    ("source", "event_type", "natural_key"),
    [
        ("tax.transfer", "usedcar.transferred", ("a", "b")),
        ("police.transfer", "newcar.registered", ("a", "b")),
        ("police.transfer", "usedcar.transferred", ("ab",)),
        ("police.transfer", "usedcar.transferred", ("b", "a")),
    ],
)
def test_id_tells_documents_apart(source: str, event_type: str, natural_key: tuple[str, ...]) -> None:
    identifier = Identifier(KEY)
    assert identifier.id(source, event_type, natural_key) != identifier.id("police.transfer", "usedcar.transferred", ("a", "b"))


def test_token_joins_across_fields_but_not_across_kinds_or_keys() -> None:
    identifier = Identifier(KEY)
    assert identifier.token(Kind.VIN, VIN) == identifier.token(Kind.VIN, f" {VIN.lower()} ")
    assert identifier.token(Kind.VIN, VIN) != identifier.token(Kind.PLATE, VIN)
    assert identifier.token(Kind.VIN, VIN) != Identifier(OTHER).token(Kind.VIN, VIN)
    assert len({identifier.token(kind, "same") for kind in Kind}) == len(Kind)


def test_normalise() -> None:
    assert normalise(" l0y 622\t29 ") == "L0Y62229"


def test_event_id_round_trip() -> None:
    event_id = EventId(date(2024, 4, 24), bytes(range(16)), 3)
    assert str(event_id) == "20240424-000102030405060708090a0b0c0d0e0f-3"
    assert EventId.parse(str(event_id)) == event_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20240424-00-1",
        "20240431-000102030405060708090a0b0c0d0e0f-1",
        "20240424-000102030405060708090A0B0C0D0E0F-1",
        "20240424-000102030405060708090a0b0c0d0e0f-01",
        "20240424-000102030405060708090a0b0c0d0e0f",
        "20240424-000102030405060708090a0b0c0d0e0g-1",
    ],
)
def test_what_is_not_an_event_id(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        EventId.parse(text)
