"""Runs the queries of every chart of the bundle as the leader: a page that would be empty or forbidden is found here."""

from collections.abc import Iterator

import yaml
from superset.commands.chart.data.get_data_command import ChartDataCommand
from superset.models.slice import Slice
from superset.utils.core import override_user
from tree import BundleError

from superset import db, security_manager

EMPTY = ("returns no rows", "returns nothing but empty values")
"""What is no fault of the tree: there may be no data yet."""


def verify(contents: dict[str, str], must_show: bool) -> str:
    """One line of how many charts have data. Raises BundleError where one cannot be drawn or, if it `must_show`, is empty."""
    found = list(failures(contents))
    wrong = [line for line, reason in found if must_show or reason not in EMPTY]
    if wrong:
        raise BundleError("", "not provisioned, rolled back:\n" + "\n".join(wrong))
    charts = sum(file.startswith("charts/") for file in contents)
    return f"verified: {charts - len(found)} of {charts} charts have data"


def failures(contents: dict[str, str]) -> Iterator[tuple[str, str]]:
    """For each chart that errs or has nothing to show: its file, its title and why, as one line; and why alone."""
    for file, text in contents.items():
        if not file.startswith("charts/"):
            continue
        entry = yaml.safe_load(text)
        chart = db.session.query(Slice).filter_by(uuid=entry["uuid"]).one_or_none()
        with override_user(security_manager.find_user("leader")):
            reason = "was not imported" if chart is None else _problem(chart)
        if reason:
            yield f"superset/assets/{file} ({entry['slice_name']}): {reason}", reason


def _problem(chart: Slice) -> str:
    """Why the chart cannot be shown, or nothing."""
    context = chart.get_query_context()
    if context is None:
        return "has no query"
    context.force = True
    command = ChartDataCommand(context)
    try:
        command.validate()
        results = command.run()["queries"]
    except Exception as error:  # whatever is wrong, the file and the chart are named and the other charts are tried
        return f"{type(error).__name__}: {error}"
    for result in results:
        if result.get("error"):
            return str(result["error"])
        if not result["data"]:
            return EMPTY[0]
    values = [value for result in results for row in result["data"] for value in row.values()]
    return "" if any(value is not None for value in values) else EMPTY[1]
