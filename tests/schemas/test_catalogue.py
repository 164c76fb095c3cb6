"""The catalogue leads: every event type has an example, and every example has a type."""

import json
from pathlib import Path

import pytest

from schemas.catalogue import EXAMPLES, dead_letter_topic, event_types, example, table, topic
from schemas.envelope import Envelope
from schemas.event import EventData

TYPES = sorted(event_types())


def test_the_seven_types() -> None:
    assert TYPES == [
        "indicator.reported",
        "newcar.registered",
        "recycling.weighed",
        "scrappage.certified",
        "scrappage.deregistered",
        "subsidy.paid",
        "usedcar.transferred",
    ]


def test_examples_and_types_match() -> None:
    assert orphans(EXAMPLES) == []
    assert {path.stem for path in EXAMPLES.iterdir()} == set(TYPES)


def test_an_orphan_is_found(tmp_path: Path) -> None:
    (tmp_path / "bicycle.sold.json").write_text("{}")
    (tmp_path / "subsidy.paid.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("")
    assert orphans(tmp_path) == ["bicycle.sold.json", "notes.txt"]


def orphans(folder: Path) -> list[str]:
    """Files of the folder that belong to no event type."""
    return sorted(path.name for path in folder.iterdir() if path.name not in {f"{name}.json" for name in TYPES})


@pytest.mark.parametrize("event_type", TYPES)
def test_example_is_valid(event_type: str) -> None:
    envelope = Envelope.model_validate(example(event_type))
    assert envelope.type == event_type
    data = event_types()[event_type].model_validate(envelope.data)
    assert data.status == "registered"
    assert data.day == envelope.time.date()


@pytest.mark.parametrize("event_type", TYPES)
def test_example_says_that_it_is_synthetic(event_type: str) -> None:
    text = json.dumps(example(event_type), ensure_ascii=False)
    # 140599 is a division code that is not assigned; L0Y is a made-up VIN maker's code.
    assert any(mark in text for mark in ("演示", "140599", "L0Y"))


@pytest.mark.parametrize("event_type", TYPES)
def test_natural_key(event_type: str) -> None:
    model = event_types()[event_type]
    data = model.model_validate(example(event_type)["data"])
    assert len(data.natural_key) == len(model.key)
    assert all(data.natural_key)
    if model.day_field in model.key:
        assert str(data.day) == data.natural_key[model.key.index(model.day_field)]


@pytest.mark.parametrize("event_type", TYPES)
def test_a_document_never_changes_its_day(event_type: str) -> None:
    """Either the day stands in the key, or it follows from a field that does."""
    model = event_types()[event_type]
    assert model.day_field in model.key or event_type == "indicator.reported"


@pytest.mark.parametrize("event_type", TYPES)
def test_unknown_fields_are_refused(event_type: str) -> None:
    with pytest.raises(ValueError, match="surprise"):
        event_types()[event_type].model_validate({**example(event_type)["data"], "surprise": 1})


def test_names_follow_from_the_type() -> None:
    assert topic("subsidy.paid") == "huanxin.subsidy.paid"
    assert dead_letter_topic("subsidy.paid") == "huanxin.subsidy.paid.dlq"
    assert table("subsidy.paid") == "subsidy_paid"


def test_a_model_must_name_a_key_among_its_fields() -> None:
    with pytest.raises(TypeError, match="unknown: \\['nowhere'\\]"):

        class Nowhere(EventData, event_type="no.where", key=("nowhere",), day="status"):
            """Has no such field."""
