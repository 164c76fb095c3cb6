"""mart.facet breaks a stream's day down and follows corrections; the pages' marts agree with one another."""

from typing import Any

import httpx
import pytest

from benchmarks.latency import voided
from schemas.catalogue import example
from tests.conftest import Stack
from warehouse.facets import FACETED

pytestmark = pytest.mark.stack

DAY = "2010-03-04"
WHOLE = {
    "scrappage.certified": ("排放阶段", "车龄", "动力", "回收企业", "交车至证明天数"),
    "scrappage.deregistered": ("登记地", "注销原因"),
    "usedcar.transferred": ("流向", "价格", "车龄", "交易市场"),
    "recycling.weighed": ("站点",),
    "subsidy.paid": ("资金",),
    "newcar.registered": ("销售地",),
}
"""Facets in which every document that counts has a value."""


def send(stack: Stack, document: dict[str, Any]) -> None:
    answer = httpx.post(
        f"{stack.urls['gateway']}/v1/events", json=document, headers=stack.headers(document["source"]), timeout=60
    )
    assert answer.json()["accepted"] == 1, answer.text
    stack.wait_until_landed()


@pytest.mark.parametrize("stream", WHOLE)
def test_a_facet_sums_to_its_stream(stack: Stack, stream: str) -> None:
    query = "SELECT sum(events), sum(pieces) FROM mart.daily WHERE stream = %(stream)s AND day >= '2023-01-01'"
    ((events, pieces),) = stack.clickhouse(query, {"stream": stream})
    assert events > 0
    for facet in WHOLE[stream]:
        query = "SELECT sum(events), sum(pieces) FROM mart.facet WHERE stream = %(s)s AND facet = %(f)s AND day >= '2023-01-01'"
        assert stack.clickhouse(query, {"s": stream, "f": facet}) == [(events, pieces)], facet


def test_what_was_handed_in_is_what_is_stored(stack: Stack) -> None:
    """Counted by facet and from the landing tables: rows per stream, corrections among them."""
    facets = dict(
        stack.clickhouse("SELECT stream, sum(documents) FROM mart.handed_in WHERE day >= '2023-01-01' GROUP BY stream")
    )
    assert set(facets) == FACETED
    for stream, documents in facets.items():
        table = stream.replace(".", "_")
        ((rows,),) = stack.clickhouse(f"SELECT count() FROM landing.{table} FINAL WHERE day >= '2023-01-01'")
        assert documents == rows, stream


def test_a_voided_document_leaves_every_facet_but_the_one_of_what_came(stack: Stack) -> None:
    document = example("usedcar.transferred")
    data = document["data"] | {"transferred_on": DAY, "first_registered_on": "2006-01-05", "serial_no": "FACET-1"}
    document |= {"time": f"{DAY}T10:00:00+08:00", "data": data}
    query = f"SELECT facet, value, events FROM mart.facet WHERE stream = 'usedcar.transferred' AND day = '{DAY}' ORDER BY facet"
    send(stack, document)
    assert ("车龄", "4", 1) in stack.clickhouse(query)
    send(stack, voided(document))
    assert [(facet, events) for facet, _, events in stack.clickhouse(query) if facet != "报送"] == []
    assert sum(events for facet, _, events in stack.clickhouse(query) if facet == "报送") == 2
