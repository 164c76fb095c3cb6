"""One revision with two contents: both kept, the first received counts, and the conflict shows."""

import copy
from datetime import date

import httpx
import pytest

from benchmarks.latency import weighing
from tests.conftest import Stack

pytestmark = pytest.mark.stack


def test_another_content_under_the_same_revision_is_a_conflict(stack: Stack) -> None:
    first = weighing(date(2018, 5, 1), "CONFLICT-1")
    second = copy.deepcopy(first)
    second["data"]["town"] = "凤城镇" if first["data"]["town"] != "凤城镇" else "北留镇"
    for document in (first, second):
        headers = stack.headers(document["source"])
        answer = httpx.post(f"{stack.urls['gateway']}/v1/events", json=document, headers=headers, timeout=30)
        assert answer.json()["results"][0]["status"] == "accepted", answer.text
        stack.wait_until_landed()
    conflicts = stack.clickhouse("SELECT source, revision, payloads FROM ops.conflict WHERE day = '2018-05-01'")
    assert conflicts == [(first["source"], 1, 2)]
    towns = stack.clickhouse("SELECT town, events FROM mart.daily WHERE stream = 'recycling.weighed' AND day = '2018-05-01'")
    assert towns == [(first["data"]["town"], 1)]
