"""Puts a month's rows into a file's layout: what stands above, beside and among the data, in the form that is sent."""

from collections.abc import Sequence

from huanxin.simulator.dirty import forms
from huanxin.simulator.dirty.costume import Costume, headers, total_row, two_rows
from huanxin.simulator.dirty.forms import Value
from ingest.sources import Source

_HELPER = "辅助列"


def dressed(source: Source, costume: Costume, form: str, encoding: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The file's bytes; `rows` are cells as text in the order of the source's columns."""
    names, targets = headers(source, costume), [*source.columns.values()]
    if form == "json":
        given = [zip(names, targets, row, strict=True) for row in rows]
        return forms.as_json([{name: forms.typed(target, cell) for name, target, cell in row if cell} for row in given])
    above = [[title] for title in costume.titles]
    head: list[list[str]] = [*two_rows(names)] if costume.two_rows else [names]
    below = _below(source, costume, rows)
    if form in forms.BOOKS:
        return _book(form, costume, above, head, below, targets)
    content = forms.as_csv([*above, *head, *(cells for _, cells in below)], encoding)
    return forms.as_zip(f"{source.title}月报.csv", content) if form == "zip" else content


def _below(source: Source, costume: Costume, rows: Sequence[Sequence[str]]) -> list[tuple[bool, Sequence[str]]]:
    """What stands below the header: whether it is data, and its cells."""
    found: list[tuple[bool, Sequence[str]]] = [(True, row) for row in rows]
    if costume.subtotal:
        found.insert(len(rows) // 2, (False, total_row("小 计", source, rows[: len(rows) // 2])))
    if costume.total:
        found.append((False, total_row("合计", source, rows)))
    if costume.note:
        found.append((False, ["制表人:演示填报人", "", "审核人:演示审核人"]))
    return found


def _book(
    form: str,
    costume: Costume,
    above: list[list[str]],
    head: list[list[str]],
    below: list[tuple[bool, Sequence[str]]],
    targets: list[str],
) -> bytes:
    lines: list[list[Value]] = [[*line] for line in (*above, *head)]
    for is_data, cells in below:
        lines.append([forms.typed(*pair) for pair in zip(targets, cells, strict=True)] if is_data else [*cells])
    hidden: list[int] = []
    shift = 0
    if costume.hidden:  # a helper column that nobody sees, and two of the envelope's, which clerks hide before they print
        hidden, shift = [0, 2, 3], 1
        beside: list[Value] = [*[None] * len(above), _HELPER, *[None] * (len(head) - 1), *[1] * len(below)]
        lines = [[more, *line] for more, line in zip(beside, lines, strict=True)]
    merged = [(0, shift, 0, shift + 5)] if above else []
    if costume.two_rows:
        merged += _merged(head[0], head[1], len(above), shift)
    return forms.BOOKS[form](lines, merged, hidden)


def _merged(upper: list[str], lower: list[str], at: int, shift: int) -> list[tuple[int, int, int, int]]:
    """The ranges of a two-row header: groups across, everything else down."""
    found, place = [], 0
    while place < len(upper):
        width = 1
        while place + width < len(upper) and not upper[place + width]:
            width += 1
        down = 0 if any(lower[place : place + width]) else 1
        if width > 1 or down:
            found.append((at, shift + place, at + down, shift + place + width - 1))
        place += width
    return found
