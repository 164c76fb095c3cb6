"""A source's entry says how its files look; a wrong entry says what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from huanxin.errors import ConfigurationError
from ingest.sources import SOURCES, sources

ENTRY: dict[str, Any] = {
    "id": "a.source",
    "department": "县公安局",
    "title": "测试",
    "surface": "file",
    "event_types": ["scrappage.deregistered"],
    "expected_every": "1d",
    "columns": {"车架号": "vin", "整备质量": "kerb_kg", "车主": "owner"},
}


def load(tmp_path: Path, **shape: Any) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": [ENTRY | {"file": shape}]}, allow_unicode=True), encoding="utf-8")
    sources(path)


@pytest.mark.parametrize(
    ("shape", "match"),
    [
        ({"aliases": {"颜色": ["x"]}}, "颜色 is no header"),
        ({"aliases": {"车主": ["车 架号"]}}, "stands for two columns"),
        ({"ignored": ["车主"]}, "车主 is a registered header"),
        ({"units": {"车主": "kg"}}, "owner knows no units, not kg"),
        ({"units": {"整备质量": "元"}}, "kerb_kg knows kg, 千克, 公斤, t, 吨, not 元"),
        ({"units": {"颜色": "kg"}}, "颜色 is no header and no alias"),
        ({"plausible": {"gross_kg": [1, 2]}}, "gross_kg is not among"),
        ({"plausible": {"owner": [1, 2]}}, "neither a mass nor money"),
        ({"plausible": {"kerb_kg": [1, 2000]}}, "no mistake of unit can be told"),
        ({"header_rows": 3}, "header_rows"),
        ({"encoding": "big5"}, "encoding"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong(tmp_path: Path, shape: dict[str, Any], match: str) -> None:
    with pytest.raises(ConfigurationError, match=match) as caught:
        load(tmp_path, **shape)
    assert "a.source" in str(caught.value)


def test_a_right_entry_is_taken(tmp_path: Path) -> None:
    load(
        tmp_path,
        aliases={"整备质量": ["整备质量(t)"]},
        units={"整备质量(t)": "t"},
        plausible={"kerb_kg": [600, 25000]},
        ignored=["颜色"],
        header_rows=2,
        encoding="gb18030",
    )


def test_the_tree_s_own_entries_are_read_from_one_file() -> None:
    assert SOURCES.name == "sources.yaml"
    assert any(source.file.plausible for source in sources().values())
