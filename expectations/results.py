"""Reads the checkpoint's answer and keeps it in ops.expectation_result."""

import json
from collections.abc import Sequence
from typing import Any

from clickhouse_driver import Client

from expectations.expand import Expectation
from expectations.outcome import Outcome, Result
from huanxin.errors import StackError

_INSERT = """
INSERT INTO ops.expectation_result (run_id, run_at, suite, table, expectation, column, kind, severity, success, observed,
                                    unexpected_count, error, title, why) VALUES
"""


def read_results(expectations: Sequence[Expectation], answer: dict[str, Any]) -> list[Result]:
    """One result for each expectation, in their order. Raises StackError where the answer is not about just these."""
    try:
        given = {each["meta"]["number"]: each for each in answer["results"]}
        if len(given) != len(answer["results"]) or set(given) != set(range(len(expectations))):
            raise StackError(f"{len(expectations)} expectations were asked, {len(answer['results'])} answers came")
        return [_result(expectation, given[number]) for number, expectation in enumerate(expectations)]
    except (KeyError, TypeError) as error:
        raise StackError(f"the checkpoint's answer lacks {error}") from error


def _result(expectation: Expectation, given: dict[str, Any]) -> Result:
    count, observed = given["unexpected_count"], given["observed"]
    return Result(
        expectation=expectation,
        success=given["success"] and not given["error"],
        unexpected_count=None if count is None else int(count),
        observed="" if observed is None else str(observed),
        examples=tuple(json.dumps(example, ensure_ascii=False, default=str) for example in given["examples"]),
        error=given["error"],
    )


def store(client: Client, outcome: Outcome) -> None:
    """Insert one run's rows. Raises what the driver raises."""
    rows = [
        {
            **result.expectation.model_dump(exclude={"arguments", "name"}),
            "expectation": result.expectation.name,
            "run_id": outcome.run_id,
            "run_at": outcome.run_at,
            "success": result.success,
            "observed": result.observed,
            "unexpected_count": result.unexpected_count,
            "error": result.error,
        }
        for result in outcome.results
    ]
    client.execute(_INSERT, rows)
