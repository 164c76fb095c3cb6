"""Dictionaries of the hot path and model instances obey the same rules: one is derived from the other."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.catalogue import event_types
from schemas.wire import message_adapter, read_rows
from tests.streams.test_land import value

ODD: list[Any] = [None, "", " x ", "1e3", "9" * 40, "2024-02-30", "２０２４", 0, -1, 1.5, True, [], {}, "\x00", "<missing>"]


def spoiled(event_type: str, place: str, odd: Any) -> bytes:
    message = json.loads(value(event_type))
    target = message if place in message else message["data"]
    if odd == "<missing>":
        target.pop(place, None)
    else:
        target[place] = odd
    return json.dumps(message).encode()


@pytest.mark.parametrize("event_type", list(event_types()))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_row_is_accepted_exactly_when_a_message_is_and_holds_the_same(event_type: str, data: st.DataObject) -> None:
    model = event_types()[event_type]
    places = ["id", "source", "time", "reportedat", "dataversion", "payloadhash", "unknown", *model.model_fields]
    text = spoiled(event_type, data.draw(st.sampled_from(places)), data.draw(st.sampled_from(ODD)))
    try:
        message = message_adapter(model).validate_json(text)
    except ValidationError:
        with pytest.raises(ValidationError):
            read_rows(model, [text])
    else:
        assert read_rows(model, [text, text]) == [vars(message) | {"data": vars(message.data)}] * 2
