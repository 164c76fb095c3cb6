"""Landing a chunk: columns as the table wants them, bad records alone become dead letters, nothing personal in plain."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingest.prepare import Preparer
from ingest.sources import sources
from schemas.catalogue import event_types, example, topic
from schemas.envelope import Envelope
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.land import Lander, together
from warehouse.columns import ENVELOPE_COLUMNS, data_columns

IDENTIFIER, SEAL = Identifier(b"k" * 32), Seal(b"s" * 32)
PREPARER = Preparer(IDENTIFIER, sources(), timedelta(days=1))
NOW = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp() * 1000)
TYPE = "subsidy.paid"


@dataclass
class Record:
    value: bytes | None
    offset: int
    timestamp: int = NOW


def lander(event_type: str = TYPE) -> Lander:
    return Lander(event_types()[event_type], IDENTIFIER, SEAL)


def value(event_type: str = TYPE, **changes: Any) -> bytes:
    return PREPARER.prepare(Envelope.model_validate(example(event_type) | changes)).value


@pytest.mark.parametrize("event_type", list(event_types()))
def test_columns_are_those_of_the_table(event_type: str) -> None:
    model = event_types()[event_type]
    landing = lander(event_type).land(topic(event_type), 1, [Record(value(event_type), 7), Record(value(event_type), 8)])
    assert len(landing.columns) == len(ENVELOPE_COLUMNS) + len(data_columns(model))
    assert {len(column) for column in landing.columns.values()} == {2}
    assert not landing.dead_letters
    assert landing.ledger["kafka_offset"] == [7, 8]


def test_personal_values_are_tokens_and_masks() -> None:
    landing = lander().land(topic(TYPE), 0, [Record(value(), 0)])
    data = example(TYPE)["data"]
    plain = {data[name] for name in ("payee", "account", "applicant") if data.get(name)}
    assert plain
    assert not plain & {cell for column in landing.columns.values() for cell in column if isinstance(cell, str)}


@pytest.mark.parametrize(
    ("bad", "stage", "reason"),
    [
        (None, "open", "null"),
        (b"", "open", "json_invalid"),
        (b"\xff\xfe", "open", "json_invalid"),
        (b"{", "open", "json_invalid"),
        (b"[]", "envelope", "model_type"),
        (b"{}", "envelope", "missing"),
        (b"1], [2", "open", "json_invalid"),
        (b"[" * 5_000, "open", "json_invalid"),
        (b"[" * 5_000 + b"]" * 5_000, "open", "json_invalid"),
    ],
)
def test_a_bad_record_is_a_dead_letter_and_its_neighbours_land(bad: bytes | None, stage: str, reason: str) -> None:
    landing = lander().land(topic(TYPE), 0, [Record(value(), 0), Record(bad, 1), Record(value(), 2)])
    (letter,) = landing.dead_letters
    assert letter.row[6:8] == (stage, reason)
    assert SEAL.open(letter.sealed, f"{topic(TYPE)}/0/1") == (bad or b"")
    assert len(landing.columns["id"]) == 2
    assert dict(zip(landing.ledger["kafka_offset"], landing.ledger["outcome"], strict=True)) == {
        0: "stored",
        1: "rejected",
        2: "stored",
    }


def test_one_value_cannot_pass_for_two() -> None:
    landing = lander().land(topic(TYPE), 0, [Record(value() + b"," + value(), 0)])
    assert len(landing.dead_letters) == 1
    assert not landing.columns


def test_a_wrong_topic_and_a_wrong_day_are_refused() -> None:
    good = value()
    landing = lander("recycling.weighed").land(topic("recycling.weighed"), 0, [Record(good, 0)])
    assert len(landing.dead_letters) == 1
    day = good[good.index(b'"id":"') + 6 :][:8]
    landing = lander().land(topic(TYPE), 0, [Record(good.replace(b'"id":"' + day, b'"id":"20991231'), 0)])
    assert landing.dead_letters[0].row[7] == "wrong_day"


def test_touched_days_are_the_documents_days() -> None:
    landing = lander().land(topic(TYPE), 0, [Record(value(), 0)])
    assert all(isinstance(day, date) for day in landing.days)
    assert len(landing.days) == 1


def test_an_older_version_is_read_as_todays_and_a_newer_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kafka holds what was sent before a field was renamed: version 1 called the town 乡镇."""
    model = event_types()[TYPE]
    old, newest = value(), value().replace(b'"dataversion":1', b'"dataversion":2')
    monkeypatch.setattr(model, "version", 2)
    monkeypatch.setattr(model, "upcasts", {1: lambda data: {("town" if k == "乡镇" else k): v for k, v in data.items()}})
    renamed = old.replace(b'"town"', '"乡镇"'.encode())
    newer = newest.replace(b'"dataversion":2', b'"dataversion":3')
    landing = lander().land(topic(TYPE), 0, [Record(newest, 0), Record(renamed, 1), Record(newer, 2)])
    assert landing.columns["kafka_offset"] == [0, 1]
    assert landing.columns["town"][0] == landing.columns["town"][1]
    assert list(landing.columns["schema_version"]) == [2, 1]
    assert [letter.reason for letter in landing.dead_letters] == ["unknown_version"]


def test_chunks_of_several_partitions_become_one_block_with_every_row_of_both() -> None:
    land = lander().land
    landings = [
        land(topic(TYPE), 0, [Record(value(), 3), Record(None, 4)]),
        land(topic(TYPE), 1, [Record(None, 7)]),
        land(topic(TYPE), 2, [Record(value(), 9)]),
    ]
    block = together(landings)
    assert (block.columns["kafka_partition"], block.columns["kafka_offset"]) == ([0, 2], [3, 9])
    places = set(zip(block.ledger["kafka_partition"], block.ledger["kafka_offset"], block.ledger["outcome"], strict=True))
    assert places == {(0, 3, "stored"), (0, 4, "rejected"), (1, 7, "rejected"), (2, 9, "stored")}
    assert [letter.place for letter in block.dead_letters] == [f"{topic(TYPE)}/0/4", f"{topic(TYPE)}/1/7"]
    assert block.days == landings[0].days | landings[2].days
    assert set(map(len, block.columns.values())) == {2}
