"""Every suite's file is enumerated: a new file is tested without a change here."""

import string
from pathlib import Path

import pytest

from expectations.expand import ROWS, Expectation, allowed_values, expand
from expectations.recount import recount
from expectations.runner import expected
from expectations.suite import SuiteFile, suite_files
from huanxin.errors import ConfigurationError
from huanxin.settings import Settings
from schemas.catalogue import event_types, table
from warehouse.columns import ENVELOPE_COLUMNS, data_columns

ALL = expected(Settings())
LANDING = {f"landing.{table(event_type)}_current": model for event_type, model in event_types().items()}


def label(each: Expectation) -> str:
    return f"{each.suite}.{each.name}.{each.column}"


@pytest.mark.parametrize("each", ALL, ids=label)
def test_expectation_is_whole(each: Expectation) -> None:
    for text in (each.title, each.why):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), "title and why are read by people of the county"
        assert "{" not in text
    if each.kind == ROWS:
        fields = {
            field for _, field, _, _ in string.Formatter().parse(each.arguments["unexpected_rows_query"]) if field is not None
        }
        assert fields == {"batch"}, "every term is known, and the table is the suite's"
    if each.column and each.table in LANDING:
        assert each.column in {*ENVELOPE_COLUMNS, *(column.name for column in data_columns(LANDING[each.table]))}


def test_identities_are_unique() -> None:
    names = [label(each) for each in ALL]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("suite", suite_files().values(), ids=suite_files())
def test_no_personal_column_is_shown(suite: SuiteFile) -> None:
    personal = {column.name for model in event_types().values() for column in data_columns(model) if column.kind}
    assert not personal & set(suite.show)


def test_recount_covers_every_stream() -> None:
    assert all(f"'{event_type}'" in recount() for event_type in event_types())


def test_allowed_values_come_from_the_model() -> None:
    assert allowed_values("subsidy.paid", "payout_kind") == ["initial", "topup", "refund", "reissue"]
    assert "冰箱" in allowed_values("subsidy.paid", "goods_category"), "an optional field has its list too"
    assert allowed_values("event_types", "stream") == list(event_types())


@pytest.mark.parametrize(
    ("allowed", "column"), [("subsidy.paid", "pay_no"), ("subsidy.paid", "nothing"), ("nothing", "status")]
)
def test_an_open_field_has_no_allowed_values(allowed: str, column: str) -> None:
    with pytest.raises(ConfigurationError, match="no closed list"):
        allowed_values(allowed, column)


ENTRY = "{name: a, title: 题, why: 因, severity: critical, %s}"


@pytest.mark.parametrize(
    "entries",
    [
        [ENTRY % "where: 'x'"] * 2,
        [ENTRY % "where: 'x', rows: 'y'"],
        [ENTRY % "each: {day: 日}, where: 'x'"],
        [ENTRY % "wear: 'x'"],
        ["{name: a}"],
        ["}"],
        [],
    ],
    ids=["name twice", "asks twice", "each without expect", "unknown key", "incomplete", "no yaml", "empty"],
)
def test_a_wrong_file_is_named(tmp_path: Path, entries: list[str]) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"table: mart.daily\ntitle: 题\nshow: [day]\nexpectations: [{', '.join(entries)}]\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"wrong\.yaml"):
        suite_files(tmp_path)


def test_where_becomes_a_query_of_the_shown_columns(tmp_path: Path) -> None:
    entry = ENTRY % "where: 'day > {limit}'"
    (tmp_path / "one.yaml").write_text(
        f"table: mart.daily\ntitle: 题\nshow: [day, town]\nexpectations: [{entry}]\n", encoding="utf-8"
    )
    (each,) = expand("one", suite_files(tmp_path)["one"], {"limit": "5"})
    assert each.arguments == {"unexpected_rows_query": "SELECT day, town FROM {batch} WHERE day > 5"}
