"""The business day is China's, whatever offset a time came with, and days that no store can hold are refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.catalogue import event_types, example
from schemas.event import EventData
from schemas.rejection import rejection


def weighed(**changes: Any) -> EventData:
    return event_types()["recycling.weighed"].model_validate(example("recycling.weighed")["data"] | changes)


def test_one_moment_has_one_day_and_one_key() -> None:
    here = weighed(out_at="2024-05-02T04:00:00+08:00")
    there = weighed(out_at="2024-05-01T20:00:00Z")
    assert here.day == there.day
    assert here.natural_key == there.natural_key


@pytest.mark.parametrize("day", ["1969-12-31", "0999-01-01", "2200-01-01"])
def test_days_that_cannot_be_stored_are_refused(day: str) -> None:
    model = event_types()["usedcar.transferred"]
    with pytest.raises(ValidationError):
        model.model_validate(example("usedcar.transferred")["data"] | {"first_registered_on": day})


def test_a_key_that_is_no_name_is_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        weighed(**{"14059919800101001X": "1"})
    assert rejection(caught.value, "data").field == "data.?"
