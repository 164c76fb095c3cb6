"""Turns a page's rows into the layout tree Superset stores."""

from collections.abc import Mapping
from typing import Any

ROOT, GRID, HEADER = "ROOT_ID", "GRID_ID", "HEADER_ID"


def position(page: Mapping[str, Any], charts: Mapping[str, Mapping[str, Any]], links: str) -> dict[str, Any]:
    """A page's rows of cells, each a chart, the links to all pages or the page's help; widths in twelfths, heights in 8 px."""
    texts = {"pages": links, "help": help_text(page.get("help", {}))}
    tree: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        ROOT: {"id": ROOT, "type": "ROOT", "children": [GRID]},
        GRID: {"id": GRID, "type": "GRID", "children": [], "parents": [ROOT]},
        HEADER: {"id": HEADER, "type": "HEADER", "meta": {"text": page["title"]}},
    }
    for number, cells in enumerate(page["rows"]):
        row = f"ROW-{number}"
        tree[GRID]["children"].append(row)
        children = []
        for place, cell in enumerate(cells):
            children.append(_column(f"{number}-{place}", cell, charts, texts, [ROOT, GRID, row], tree))
        tree |= {child["id"]: child for child in children}
        tree[row] = {
            "id": row,
            "type": "ROW",
            "children": [child["id"] for child in children],
            "parents": [ROOT, GRID],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
    return tree


def page_links(pages: Mapping[str, Mapping[str, Any]], here: str) -> str:
    """The titles of all pages in their order, each a link but the page one is on."""
    ordered = sorted(pages.items(), key=lambda item: item[1]["order"])
    titles = (
        f"<b>{page['title']}</b>" if stem == here else f'<a href="/superset/dashboard/{page["slug"]}/">{page["title"]}</a>'
        for stem, page in ordered
    )
    return f'<div class="hx-pages">{" ".join(titles)}</div>'


def help_text(figures: Mapping[str, str]) -> str:
    """口径: what each figure of the page is, from which stream, and as of when."""
    rows = "".join(f'<div class="hx-fact"><i>{name}</i><span>{text}</span></div>' for name, text in figures.items())
    return f'<div class="hx-help"><b>口径说明</b>{rows}</div>'


def _column(
    place: str,
    cell: Mapping[str, Any],
    charts: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    parents: list[str],
    tree: dict[str, Any],
) -> dict[str, Any]:
    """A cell, or where it is a `stack` the column of its cells, which go into the tree."""
    if "stack" not in cell:
        return _cell(place, cell, charts, texts, parents)
    column = f"COLUMN-{place}"
    inner = [
        _cell(f"{place}{number}", {"width": cell["width"], **one}, charts, texts, [*parents, column])
        for number, one in enumerate(cell["stack"])
    ]
    tree |= {child["id"]: child for child in inner}
    children = [child["id"] for child in inner]
    meta = {"width": cell["width"], "background": "BACKGROUND_TRANSPARENT"}
    return {"id": column, "type": "COLUMN", "children": children, "parents": parents, "meta": meta}


def _cell(
    place: str,
    cell: Mapping[str, Any],
    charts: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, str],
    parents: list[str],
) -> dict[str, Any]:
    size = {"width": cell["width"], "height": cell["height"]}
    if text := next((texts[key] for key in texts if cell.get(key)), ""):
        meta, kind = size | {"code": text}, "MARKDOWN"
    else:
        chart = charts[cell["chart"]]
        # The importer replaces chartId by the real one; until then it only has to be unique on the page.
        number = int(place.split("-")[0]) * 100 + int(place.split("-")[1]) + 1
        meta, kind = size | {"chartId": number, "uuid": chart["uuid"], "sliceName": chart["slice_name"]}, "CHART"
    return {"id": f"{kind}-{place}", "type": kind, "children": [], "parents": parents, "meta": meta}
