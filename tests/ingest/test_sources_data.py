"""The registered sources as data: every header leads to a real field, every field has a header."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from ingest.sources import ENVELOPE_TARGETS, SOURCES, Source, field_names, sources
from schemas.catalogue import event_types
from schemas.envelope import Envelope

ENTRIES: list[dict[str, Any]] = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
FILES = [source for source in sources().values() if source.surface == "file"]


def test_the_loader_takes_every_entry() -> None:
    assert [*sources()] == [entry["id"] for entry in ENTRIES]


def test_ids_are_unique() -> None:
    assert Counter(entry["id"] for entry in ENTRIES).most_common(1)[0][1] == 1


def test_every_event_type_has_a_source() -> None:
    assert {name for source in sources().values() for name in source.event_types} == set(event_types())


def test_the_demonstration_sources_say_so() -> None:
    assert all(source.synthetic for source in sources().values())


@pytest.mark.parametrize("source", FILES, ids=lambda source: source.id)
def test_every_field_is_reachable_and_none_twice(source: Source) -> None:
    fields = {name for event_type in source.event_types for name in event_types()[event_type].model_fields}
    assert Counter(source.columns.values()) == Counter(fields | ENVELOPE_TARGETS)


@pytest.mark.parametrize("source", FILES, ids=lambda source: source.id)
def test_headers_carry_no_spaces(source: Source) -> None:
    assert all(header == "".join(header.split()) for header in source.columns)


def test_http_sources_have_no_columns() -> None:
    assert all(not source.columns for source in sources().values() if source.surface == "http")


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_every_field_has_a_chinese_name(source: Source) -> None:
    names = field_names(source, sources())
    fields = {name for event_type in source.event_types for name in event_types()[event_type].model_fields}
    assert names.keys() >= fields | Envelope.model_fields.keys()
    assert {name for name in names.values() if re.search("[A-Za-z]{2}", name)} <= {"附件SHA256"}
