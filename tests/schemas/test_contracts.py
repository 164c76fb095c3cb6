"""Contracts: what is exported describes what is accepted, and a change that would break somebody is refused."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import jsonschema_rs
import pytest
import yaml
from pydantic import Field

from huanxin.contracts import PUBLISHED
from huanxin.errors import ConfigurationError, RejectedError
from schemas.catalogue import event_types, example
from schemas.contracts.compare import compare
from schemas.contracts.json_schema import event_schema
from schemas.contracts.published import diff, documents, export
from schemas.event import EventData
from schemas.fields import Code, Day, PersonName, Yuan
from schemas.upcast import upcast

TYPES = sorted(event_types())


class Sold(EventData, event_type="bicycle.sold", key=("number", "sold_on"), day="sold_on", amount="price_yuan"):
    """A synthetic type for these tests."""

    number: Code
    sold_on: Day
    price_yuan: Yuan
    buyer: PersonName
    gears: Annotated[int, Field(ge=1, le=30)] = 1


@pytest.mark.parametrize("event_type", TYPES)
def test_the_schema_accepts_the_example_and_refuses_what_the_model_refuses(event_type: str) -> None:
    schema = jsonschema_rs.validator_for(event_schema(event_types()[event_type]))
    document = example(event_type)
    assert schema.is_valid(document)
    for spoil in (lambda d: d["data"].pop(event_types()[event_type].key[0]), lambda d: d["data"].update(surprise=1)):
        spoiled = copy.deepcopy(document)
        spoil(spoiled)
        assert not schema.is_valid(spoiled)


@pytest.mark.parametrize("event_type", TYPES)
def test_personal_fields_units_and_code_systems_are_marked(event_type: str) -> None:
    contract = yaml.safe_load(documents(event_types())[f"{event_type}.odcs.yaml"])
    fields = {field["name"]: field for field in contract["schema"][0]["properties"]}
    assert all(fields[name]["primaryKey"] for name in event_types()[event_type].key)
    for name, field in fields.items():
        marks = {mark["property"]: mark["value"] for mark in field.get("customProperties", ())}
        assert (field["classification"] == "restricted") == ("personal" in marks)
        assert not name.endswith("_yuan") or marks["unit"].startswith("yuan")
        assert not name.endswith("_kg") or marks["unit"] == "kg"
    assert any(field["classification"] == "restricted" for field in fields.values())


def test_every_topic_is_in_the_asyncapi_document() -> None:
    document = yaml.safe_load(documents(event_types())["asyncapi.yaml"])
    assert {f"huanxin.{name}" for name in TYPES} | {f"huanxin.{name}.dlq" for name in TYPES} == set(document["channels"])


def test_what_is_published_is_what_the_models_say() -> None:
    """After a change that breaks nobody: huanxin contracts export. A breaking one needs a new version."""
    assert [verdict.refused for verdict in diff(event_types(), PUBLISHED) if verdict.refused] == []
    stale = [name for name, text in documents(event_types()).items() if (PUBLISHED / name).read_text("utf-8") != text]
    assert stale == []


CHANGES: list[tuple[str, Callable[[dict[str, Any]], Any], bool]] = [
    ("an optional field more", lambda f: f.update(bell={"type": "string"}), False),
    ("a field less", lambda f: f.pop("gears"), True),
    ("a lower maximum", lambda f: f["gears"].update(maximum=20), True),
    ("a higher maximum", lambda f: f["gears"].update(maximum=40), False),
    ("a higher minimum", lambda f: f["gears"].update(minimum=2), True),
    ("no maximum any more", lambda f: f["gears"].pop("maximum"), False),
    ("a maximum where there was none", lambda f: f["gears"].update(maxLength=3), True),
    ("another type", lambda f: f["gears"].update(type="string"), True),
    ("null too", lambda f: f.update(gears={"anyOf": [f["gears"], {"type": "null"}]}), False),
    ("a code less", lambda f: f["status"]["enum"].remove("voided"), True),
    ("a code more", lambda f: f["status"]["enum"].append("lost"), False),
    ("codes instead of text", lambda f: f["number"].update(enum=["1"]), True),
    ("another pattern", lambda f: f["number"].update(pattern="x"), True),
    ("fewer decimal places", lambda f: f["price_yuan"].update({"x-decimal-places": 0}), True),
    ("another unit", lambda f: f["price_yuan"].update({"x-unit": "万元"}), True),
    ("no longer personal", lambda f: f["buyer"].pop("x-personal"), True),
    ("another description", lambda f: f["gears"].update(description="speeds"), False),
]


@pytest.mark.parametrize(("what", "change", "breaks"), CHANGES, ids=[what for what, _, _ in CHANGES])
def test_what_breaks(what: str, change: Callable[[dict[str, Any]], Any], breaks: bool) -> None:
    old = event_schema(Sold)
    new = copy.deepcopy(old)
    change(new["properties"]["data"]["properties"])
    assert any(found.breaking for found in compare(old, new)) == breaks
    assert compare(old, old) == []


def test_required_and_identity_break() -> None:
    old = event_schema(Sold)
    new = copy.deepcopy(old)
    new["properties"]["data"]["required"].append("gears")
    assert [found.breaking for found in compare(old, new)] == [True]
    assert [found.breaking for found in compare(new, old)] == [False]
    assert [found.breaking for found in compare(old, old | {"x-natural-key": ["number"]})] == [True]


def test_a_breaking_change_needs_a_version_and_an_upcast(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="contracts export"):
        diff({}, tmp_path)
    schema = event_schema(Sold)
    schema["properties"]["data"]["properties"]["speeds"] = schema["properties"]["data"]["properties"].pop("gears")
    (tmp_path / "bicycle.sold.v1.schema.json").write_text(json.dumps(schema))
    (refused,) = diff({"bicycle.sold": Sold}, tmp_path)
    assert refused.refused == "raise its version to 2 and give an upcast from 1"
    with pytest.raises(ConfigurationError, match="raise its version"):
        export({"bicycle.sold": Sold}, tmp_path)

    class Second(Sold, event_type="bicycle.sold", key=("number", "sold_on"), day="sold_on", amount="price_yuan", version=2):
        """With a version of its own, and no way from the first one yet."""

    (refused,) = diff({"bicycle.sold": Second}, tmp_path)
    assert refused.refused == "give an upcast from version 1"
    Second.upcasts = {1: lambda data: {("gears" if name == "speeds" else name): value for name, value in data.items()}}
    (taken,) = diff({"bicycle.sold": Second}, tmp_path)
    assert taken.changes
    assert not taken.refused
    assert upcast(Second, {"number": "1", "speeds": 7}, 1) == {"number": "1", "gears": 7}
    assert upcast(Second, {"gears": 7}, 2) == {"gears": 7}
    for version, why in ((3, "newest version is 2"), (0, "no longer taken")):
        with pytest.raises(RejectedError, match=why):
            upcast(Second, {}, version)


def test_export_writes_what_diff_reads(tmp_path: Path) -> None:
    assert len(export(event_types(), tmp_path)) == 1 + 2 * len(TYPES)
    assert [verdict.changes for verdict in diff(event_types(), tmp_path)] == [()] * len(TYPES)
