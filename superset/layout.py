"""Turns a page's rows into the layout tree Superset stores."""

from collections.abc import Mapping
from typing import Any

ROOT, GRID, HEADER = "ROOT_ID", "GRID_ID", "HEADER_ID"


def position(page: Mapping[str, Any], charts: Mapping[str, Mapping[str, Any]], links: str) -> dict[str, Any]:
    """A page's rows of cells, each a chart or the links to all pages; widths in twelfths, heights in steps of 8 px."""
    tree: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        ROOT: {"id": ROOT, "type": "ROOT", "children": [GRID]},
        GRID: {"id": GRID, "type": "GRID", "children": [], "parents": [ROOT]},
        HEADER: {"id": HEADER, "type": "HEADER", "meta": {"text": page["title"]}},
    }
    for number, cells in enumerate(page["rows"]):
        row = f"ROW-{number}"
        tree[GRID]["children"].append(row)
        children = [_cell(f"{number}-{place}", cell, charts, links, [ROOT, GRID, row]) for place, cell in enumerate(cells)]
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


def _cell(
    place: str, cell: Mapping[str, Any], charts: Mapping[str, Mapping[str, Any]], links: str, parents: list[str]
) -> dict[str, Any]:
    size = {"width": cell["width"], "height": cell["height"]}
    if cell.get("pages"):
        meta, kind = size | {"code": links}, "MARKDOWN"
    else:
        chart = charts[cell["chart"]]
        # The importer replaces chartId by the real one; until then it only has to be unique on the page.
        number = int(place.split("-")[0]) * 100 + int(place.split("-")[1]) + 1
        meta, kind = size | {"chartId": number, "uuid": chart["uuid"], "sliceName": chart["slice_name"]}, "CHART"
    return {"id": f"{kind}-{place}", "type": kind, "children": [], "parents": parents, "meta": meta}
