"""Runs the queries of every chart of the bundle as the leader, so that a page that would be empty or forbidden fails here."""

from collections.abc import Iterator

import yaml
from superset.commands.chart.data.get_data_command import ChartDataCommand
from superset.models.slice import Slice
from superset.utils.core import override_user

from superset import db, security_manager


def failures(contents: dict[str, str]) -> Iterator[str]:
    """One line for each chart that errs or has nothing to show: its file, its title and why."""
    for file, text in contents.items():
        if not file.startswith("charts/"):
            continue
        uuid = yaml.safe_load(text)["uuid"]
        chart = db.session.query(Slice).filter_by(uuid=uuid).one_or_none()
        with override_user(security_manager.find_user("leader")):
            reason = "was not imported" if chart is None else _problem(chart)
        if reason:
            yield f"superset/assets/{file} ({yaml.safe_load(text)['slice_name']}): {reason}"


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
            return "returns no rows"
    values = [value for result in results for row in result["data"] for value in row.values()]
    return "" if any(value is not None for value in values) else "returns nothing but empty values"
