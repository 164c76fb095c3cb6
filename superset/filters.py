"""Spells a page's filters out as Superset's native filters.

In the tree a filter is one line: `{name: 乡镇, dataset: daily, column: town}`, with `where` for the values it offers, or
`{name: 时间}` for a range of days. It reaches every chart of the page whose dataset has the column; the others ignore it.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from tree import BundleError

Datasets: TypeAlias = Mapping[str, Mapping[str, Any]]


def native_filters(file: str, page: Mapping[str, Any], datasets: Datasets) -> list[dict[str, Any]]:
    """The page's filters in their order; raises BundleError where one names a column that is not there."""
    return [_filter(file, page["slug"], number, entry, datasets) for number, entry in enumerate(page.get("filters", []))]


def _filter(file: str, slug: str, number: int, entry: Mapping[str, Any], datasets: Datasets) -> dict[str, Any]:
    common = {
        "id": f"NATIVE_FILTER-{slug}-{number}",
        "type": "NATIVE_FILTER",
        "name": entry["name"],
        "description": "",
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
    }
    if "column" not in entry:
        return common | {"filterType": "filter_time", "targets": [{}], "controlValues": {"enableEmptyFilter": False}}
    dataset = datasets.get(entry["dataset"], {})
    names = {entry["column"], *entry.get("where", {})}
    if missing := names - dataset.get("columns", {}).keys():
        raise BundleError(file, f"filters by what dataset {entry['dataset']} does not have: {', '.join(sorted(missing))}")
    offered = [
        {"clause": "WHERE", "expressionType": "SIMPLE", "subject": column, "operator": "IN", "comparator": list(values)}
        for column, values in entry.get("where", {}).items()
    ]
    return common | {
        "filterType": "filter_select",
        "targets": [{"datasetUuid": dataset["uuid"], "column": {"name": entry["column"]}}],
        "adhoc_filters": offered,
        "controlValues": {
            "enableEmptyFilter": False,
            "defaultToFirstItem": False,
            "multiSelect": True,
            "searchAllOptions": False,
            "inverseSelection": False,
        },
    }
