"""Why a row or a file comes back, in the words of the people who filled it in."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from huanxin.errors import FileRefusedError
from ingest.sources import Source

REASONS = Path(__file__).parent / "reasons.yaml"


@cache
def reasons() -> Mapping[str, Mapping[str, Any]]:
    """`rows`, `doubts` and `files`: reason → text, or texts by the end of a field's name."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return found


def row_reason(reason: str, field: str, source: Source) -> str:
    """The column and what is wrong with it, in Chinese; a reason without a text of its own is named by its code."""
    name = field.rpartition(".")[2]
    known = reasons()["rows"].get(reason, f"不符合要求（{reason}）")
    text = known if isinstance(known, str) else next((known[end] for end in known if name.endswith(end)), known["default"])
    header = next(
        (header for header, target in source.columns.items() if target.lstrip("@") == name), name if name != "data" else ""
    )
    return f"{header}：{text}" if header else str(text)


def doubt_reason(reason: str) -> str:
    """Why a row that was taken in is worth a second look, in Chinese."""
    return str(reasons()["doubts"][reason])


def file_reason(error: FileRefusedError) -> str:
    """Why a file, or a part of one, was not read, in Chinese."""
    return str(reasons()["files"].get(error.reason, f"无法读取（{error.reason}）")).format(detail=error.detail)
