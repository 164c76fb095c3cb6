"""Marks are found where a figure stands, and not where an identifier happens to have its digits."""

import pytest

from tests.access.marks import Marks


@pytest.fixture
def marks() -> Marks:
    return Marks(lambda statement: [("县财政局", 2258)] if "GROUP BY department" in statement else [], "县公安局")


@pytest.mark.parametrize("text", ['{"count": 2258}', "2258辆", "共2258笔", "2258kg", "id-2258", "2258.00"])
def test_a_figure_is_found(marks: Marks, text: str) -> None:
    assert marks.in_text(text) == {"2258"}


@pytest.mark.parametrize(
    "text", ['"uuid": "0f8a1c3e-2258-4b6d-9a1f-00a2258b77cd"', f'"cache_key": "{"a2258b" * 5}99"', "0.2258", "22580", "12258"]
)
def test_an_identifier_is_no_figure(marks: Marks, text: str) -> None:
    assert marks.in_text(text) == set()
