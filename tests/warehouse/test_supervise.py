"""Rules that ask for more memory than there is: left out, said, and tried again; the others are judged."""

import pytest
from clickhouse_driver.errors import ServerException

from tests.conftest import Stack
from warehouse.client import connect
from warehouse.rulebook import rulebook
from warehouse.supervise import run_all

pytestmark = pytest.mark.stack
HUNGRY = "SELECT * FROM (\n{sql}\n) WHERE length((SELECT groupArray(number) FROM numbers(100000000))) > 0"


def test_a_rule_without_memory_leaves_its_findings_and_the_other_rules_alone(stack: Stack) -> None:
    stack.wait_until_landed()
    client = connect(stack.settings, "worker")
    client.settings["max_memory_usage"] = 200_000_000
    a23, a24 = rulebook()["A23"], rulebook()["A24"]
    query = "SELECT rule, status, count() FROM mart.finding_version WHERE rule IN ('A23', 'A24') GROUP BY ALL ORDER BY ALL"
    try:
        assert run_all(client, [a23, a24]).failed == ()
        before = client.execute(query)
        run = run_all(client, [a23.model_copy(update={"sql": HUNGRY.format(sql=a23.sql)}), a24])
        assert (run.failed, run.changes, client.execute(query)) == (("A23",), {}, before)
    finally:
        client.disconnect()


def test_a_fault_that_is_not_memory_is_raised(stack: Stack) -> None:
    client = connect(stack.settings, "worker")
    rule = rulebook()["A24"]
    try:
        with pytest.raises(ServerException, match="no_such_table"):
            run_all(client, [rule.model_copy(update={"sql": "SELECT * FROM no_such_table"})])
    finally:
        client.disconnect()
