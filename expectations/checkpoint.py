"""Runs suites with Great Expectations; a script for quality's own environment, which has nothing of this project installed.

Standard input: {"connection": {host, port, user, password}, "suites": [{"name", "table", "expectations": [{"kind", "arguments",
"severity", "meta"}]}]}. Standard output: {"results": [{"suite", "meta", "success", "unexpected_count", "observed", "examples",
"error"}]}, one per expectation. The password comes in through standard input because others can read a process's arguments.
Everything stays in memory: an ephemeral context, no data docs, no analytics.
"""

import contextlib
import json
import sys
import traceback
from typing import Any
from urllib.parse import quote

import great_expectations as gx
import great_expectations.expectations as kinds

EXAMPLES = 5


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Validate every suite in one checkpoint. Raises what Great Expectations raises where a table or a class is missing."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        name="clickhouse",
        connection_string=_uri(order["connection"]),
        create_temp_table=False,  # the database user may only read
    )
    checkpoint = gx.Checkpoint(
        name="huanxin",
        validation_definitions=[_definition(context, source, suite) for suite in order["suites"]],
        result_format={"result_format": "COMPLETE", "partial_unexpected_count": EXAMPLES},
    )
    validated = context.checkpoints.add(checkpoint).run().run_results.values()
    return {"results": [{"suite": one.suite_name, **_result(each)} for one in validated for each in one.results]}


def _uri(connection: dict[str, Any]) -> str:
    user, password = (quote(connection[name], safe="") for name in ("user", "password"))
    return f"clickhouse+native://{user}:{password}@{connection['host']}:{connection['port']}/default"


def _definition(context: Any, source: Any, suite: dict[str, Any]) -> Any:
    schema, _, table = suite["table"].partition(".")
    asset = source.add_table_asset(name=suite["name"], table_name=table, schema_name=schema)
    expectations = [
        getattr(kinds, each["kind"])(**each["arguments"], severity=each["severity"], meta=each["meta"])
        for each in suite["expectations"]
    ]
    return context.validation_definitions.add(
        gx.ValidationDefinition(
            name=suite["name"],
            data=asset.add_batch_definition_whole_table("whole"),
            suite=context.suites.add(gx.ExpectationSuite(name=suite["name"], expectations=expectations)),
        )
    )


def _result(validation: Any) -> dict[str, Any]:
    plain = validation.to_json_dict()
    result = plain["result"]
    observed = result.get("observed_value")
    rows = result.get("details", {}).get("unexpected_rows")
    return {
        "meta": plain["expectation_config"]["meta"],
        "success": bool(plain["success"]),
        "unexpected_count": observed if rows is not None else result.get("unexpected_count"),
        "observed": None if rows is not None else observed,
        "examples": (rows if rows is not None else result.get("partial_unexpected_list", []))[:EXAMPLES],
        "error": _error(plain.get("exception_info") or {}),
    }


def _error(info: dict[str, Any]) -> str:
    """The first exception's message; one metric's failure is nested under the metric's id."""
    raised = [each for each in (info, *info.values()) if isinstance(each, dict) and each.get("raised_exception")]
    return _line(raised[0].get("exception_message")) if raised else ""


def _line(error: object) -> str:
    """One line of an exception's message, without the server's own stack."""
    return " ".join(str(error).partition("Stack trace:")[0].split())[:1000] or "no message"


def main() -> None:
    """Answer the order, or end with 1 and the reason in the last line of standard error."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # Great Expectations prints hints; standard output is for the answer
            answer = run(json.load(sys.stdin))
    except Exception as error:  # whatever it is, the platform is told in one line and goes on
        traceback.print_exc()
        sys.exit(f"{type(error).__name__}: {_line(error)}")
    json.dump(answer, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
