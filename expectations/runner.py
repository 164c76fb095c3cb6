"""Runs the suites over ClickHouse and keeps what they found.

Great Expectations itself is never imported here: it takes ten seconds and 265 MB, and lives in an environment of its own.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from clickhouse_driver import Client
from clickhouse_driver.errors import ServerException

from expectations.expand import Expectation, expand
from expectations.outcome import Outcome
from expectations.process import run_checkpoint
from expectations.recount import arrivals, recount
from expectations.results import read_results, store
from expectations.suite import suite_files
from huanxin.errors import ConfigurationError, StackError, UnavailableError
from huanxin.settings import Settings
from warehouse.client import CLICKHOUSE_ERRORS, connection

USER = "huanxin_quality"
UNKNOWN = (60, 81)  # table, database
REFUSED = (497, 516)  # access denied, authentication failed; the driver names only some codes


def run_checks(settings: Settings) -> Outcome:
    """Run every suite of `expectations/suites/` and insert the results into ops.expectation_result.

    Raises ConfigurationError where a suite's file is wrong or ClickHouse is not migrated, UnavailableError where ClickHouse
    does not answer, StackError where quality's environment is missing or its process fails.
    """
    begun, run_at = time.monotonic(), datetime.now(UTC)
    expectations = expected(settings)
    with _quality(settings) as client:  # before the long part, not after it
        client.execute("SELECT run_id FROM ops.expectation_result LIMIT 0")
    try:
        answer = run_checkpoint(settings, order(settings, expectations))
    except StackError:
        with _quality(settings) as client:  # where ClickHouse left meanwhile, that is what to report
            client.execute("SELECT 1")
        raise
    outcome = Outcome(uuid4(), run_at, time.monotonic() - begun, read_results(expectations, answer))
    with _quality(settings) as client:
        store(client, outcome)
    return outcome


def expected(settings: Settings) -> list[Expectation]:
    """All expectations of all suites, in order."""
    terms = {"recount": recount(), "arrivals": arrivals(), "clock_skew_seconds": str(settings.clock_skew_seconds)}
    return [each for name, file in suite_files().items() for each in expand(name, file, terms)]


def order(settings: Settings, expectations: Sequence[Expectation]) -> dict[str, Any]:
    """What the checkpoint is told; an expectation's number in `meta` leads back from its result."""
    suites: dict[str, dict[str, Any]] = {}
    for number, each in enumerate(expectations):
        suite = suites.setdefault(each.suite, {"name": each.suite, "table": each.table, "expectations": []})
        meta = {"number": number, "name": each.name, "title": each.title, "why": each.why}
        suite["expectations"].append({"kind": each.kind, "arguments": each.arguments, "severity": each.severity, "meta": meta})
    connection = {
        "host": settings.clickhouse_host,
        "port": settings.clickhouse_native_port,
        "user": USER,
        "password": settings.secrets.clickhouse_quality,
    }
    return {"connection": connection, "suites": list(suites.values())}


@contextmanager
def _quality(settings: Settings) -> Iterator[Client]:
    """A client as the quality user, whose errors are made ours."""
    where = f"ClickHouse at {settings.clickhouse_host}:{settings.clickhouse_native_port}"
    try:
        with connection(settings, "quality") as client:
            yield client
    except ServerException as error:
        if error.code in UNKNOWN:
            raise ConfigurationError(f"{where} lacks ops.expectation_result: run huanxin migrate") from error
        if error.code in REFUSED:
            raise ConfigurationError(f"{where} refuses {USER}: check its password and warehouse/access/users.xml") from error
        raise UnavailableError(f"{where} refuses: {error.message.splitlines()[0]}") from error
    except CLICKHOUSE_ERRORS as error:
        raise UnavailableError(f"{where} does not answer: {error}") from error
