"""The first line of a page holds whatever the page is filtered by."""

import pytest

pytestmark = pytest.mark.usefixtures("superset_code")


def test_no_filter_of_any_page_reaches_it() -> None:
    from tree import read_tree  # type: ignore[import-not-found]

    tree = read_tree()
    filters = {
        entry["column"] for page in tree["dashboards"].values() for entry in page.get("filters", []) if "column" in entry
    }
    assert len(filters) > 5
    assert not filters & tree["datasets"]["page_notes"]["columns"].keys()
