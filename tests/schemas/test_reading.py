"""Messages read at once and messages read one by one obey the same rules and hold the same."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.catalogue import event_types
from schemas.event import EventData
from schemas.reading import Columns, columns_of, property_of, read_many, read_one
from tests.streams.test_land import value

ODD: list[Any] = [
    *(None, "", " x ", "1e3", "9" * 40, "2024-02-30", "２０２４", 0, -1, 1.5, True, [], {}, "\x00", "\ud800", "<missing>"),
    *(1, 1.0, False, "1", "true", "10.10", 10.10, 1e400, 2**70, "2024-05-02", "2024-05-02T11:33:39+08:00", 1714620819),
    *("2024-05-02T11:33:39", "2024-05-02T03:33:39Z", "2024-05-02T11:33:39.1239+05:30", " 2024-05-02 ", "１", "\u00a0x"),
]
REFUSED = (ValueError, TypeError, LookupError)


def spoiled(event_type: str, place: str, odd: Any) -> bytes:
    message = json.loads(value(event_type))
    target = message if place in message else message["data"]
    if odd == "<missing>":
        target.pop(place, None)
    else:
        target[place] = odd
    return json.dumps(message).encode()


def plain(read: Columns) -> str:
    """With the values' types: True is not 1."""
    return repr([{name: list(values) for name, values in part.items()} for part in (read.envelope, read.data)])


def one_by_one(model: type[EventData], texts: list[bytes]) -> Columns:
    return columns_of(model, [read_one(model, text) for text in texts])


@pytest.mark.parametrize("event_type", list(event_types()))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_read_at_once_is_what_is_read_one_by_one(event_type: str, data: st.DataObject) -> None:
    model = event_types()[event_type]
    places = ["id", "source", "time", "reportedat", "dataversion", "payloadhash", "unknown", *model.model_fields]
    place = data.draw(st.sampled_from(places))
    odds = data.draw(st.lists(st.sampled_from(ODD), min_size=1, max_size=4))
    texts = [spoiled(event_type, place, odd) for odd in odds] + [value(event_type)] * data.draw(st.integers(0, 6))
    sample = data.draw(st.sampled_from([1, 32]))  # with one, every column is taken for one of different values
    try:
        expected = one_by_one(model, texts)
    except ValidationError:
        with patch("schemas.reading.SAMPLE", sample), pytest.raises(REFUSED):
            read_many(model, texts)
    else:
        try:
            with patch("schemas.reading.SAMPLE", sample):
                found = read_many(model, texts)
        except REFUSED:
            return  # out of the ordinary: the caller reads them one by one
        assert plain(found) == plain(expected)


@pytest.mark.parametrize("event_type", list(event_types()))
def test_ordinary_messages_are_read_at_once(event_type: str) -> None:
    model = event_types()[event_type]
    texts = [value(event_type)] * 5
    assert plain(read_many(model, texts)) == plain(one_by_one(model, texts))


@pytest.mark.parametrize(
    "bad",
    [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 5_000, b"1], [2", value() + b"," + value(), value() + value()],
)
def test_what_is_not_one_message_is_refused(bad: bytes) -> None:
    with pytest.raises(REFUSED):
        read_many(event_types()["subsidy.paid"], [value(), bad])


def test_the_last_of_two_equal_names_counts_both_ways() -> None:
    model = event_types()["subsidy.paid"]
    text = value().replace(b'"status":"registered"', b'"status":"voided","status":"corrected"')
    read = read_many(model, [text])
    assert list(read.data["status"]) == ["corrected"]
    assert plain(read) == plain(one_by_one(model, [text]))


@pytest.mark.parametrize(
    ("event_type", "name"), [(name, derived) for name, model in event_types().items() for derived in model.derived]
)
def test_a_property_of_columns_is_the_models(event_type: str, name: str) -> None:
    model = event_types()[event_type]
    message = read_one(model, value(event_type))
    assert property_of(model, name, columns_of(model, [message]).data) == [getattr(message.data, name)]
