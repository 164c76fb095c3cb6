"""Finds the header among a table's first rows: under title rows, in one row or in two merged ones, beside hidden columns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from huanxin.errors import FileRefusedError
from ingest.files.part import Cells
from ingest.files.shape import Target, passed_over, targets
from ingest.files.text import squeezed
from ingest.sources import Source

LOOK_ROWS = 20
"""How many rows may stand above the last row of the header."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the data begin, and what each column is."""

    rows: int
    """How many rows stand above the first row of data."""
    names: tuple[str, ...]
    """What each column is called in the file, squeezed."""
    targets: tuple[Target | None, ...]
    """Where each column leads; none for a column that is passed over."""


def find_header(name: str, first: Sequence[Cells], hidden: frozenset[int], source: Source) -> Header:
    """The header in a table's first rows: of all that could be one, the first that knows most columns.

    Raises FileRefusedError naming the columns that are not registered.
    """
    best, nearest = (0, 0, [""]), (0, 0, [""])
    for at in range(len(first)):
        for height in (1, 2) if at + 1 < len(first) else (1,):
            if source.file.header_rows in (None, height):
                names = _names(first[at : at + height], source)
                known, unknown = _judge(names, hidden, source)
                if not unknown:
                    best = max(best, (known, at + height, names), key=lambda found: found[0])
                nearest = max(nearest, (known, -len(unknown), unknown), key=lambda found: found[:2])
    if best[0]:
        return _header(name, best[1], best[2], hidden, source)
    if not nearest[0]:
        raise FileRefusedError("header_missing", name, "", f"none of its first {LOOK_ROWS} rows is a header of {source.id}")
    detail = "、".join(nearest[2])
    raise FileRefusedError("header_unknown", name, detail, f"columns {nearest[2]} are not registered for {source.id}")


def _names(rows: Sequence[Cells], source: Source) -> list[str]:
    """One name per column; of two rows, the upper one's merged cells count for all columns below them."""
    upper = [squeezed("" if cell is None else cell) for cell in rows[0]]
    if len(rows) == 1:
        return upper
    lower = [squeezed("" if cell is None else cell) for cell in rows[1]]
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    known = targets(source.columns, source.file)
    names, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        both = f"{group}{below}"
        names.append(above if not below else both if both in known else below)
    return names


def _judge(names: Sequence[str], hidden: frozenset[int], source: Source) -> tuple[int, list[str]]:
    """How many names are registered, and which visible ones are not."""
    known, skip = targets(source.columns, source.file), passed_over(source.file)
    seen = [name for place, name in enumerate(names) if name and place not in hidden]
    return sum(name in known for name in names), [name for name in seen if name not in known and name not in skip]


def _header(name: str, rows: int, names: list[str], hidden: frozenset[int], source: Source) -> Header:
    known = targets(source.columns, source.file)
    found = [known.get(each) for each in names]
    fields = Counter(target.field for place, target in enumerate(found) if target and place not in hidden)
    twice = sorted({target.header for target in found if target and fields[target.field] > 1})
    if twice:
        detail = "、".join(twice)
        raise FileRefusedError("header_twice", name, detail, f"columns {twice} stand there twice: leave one of each")
    # A hidden column counts where no visible one has its name: clerks hide identity numbers before they print.
    for place in sorted(hidden & set(range(len(found)))):
        target = found[place]
        if target and fields[target.field]:
            found[place] = None
        elif target:
            fields[target.field] = 1
    return Header(rows, tuple(names), tuple(found))
