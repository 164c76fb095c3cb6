"""The gateway killed, stopped and without Kafka: what was answered is kept, once; nothing is answered that is not kept."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import httpx
import pytest

from benchmarks.gateway_kills import run
from benchmarks.latency import TYPE, weighing
from benchmarks.senders import Senders
from benchmarks.small_stack import small_stack
from huanxin.settings import Settings
from huanxin.stack.health import wait_for
from huanxin.stack.supervision import Supervisor
from schemas.catalogue import example
from tests.conftest import Stack

pytestmark = pytest.mark.stack
KILLED, STOPPED, OUTAGE = date(2015, 1, 10), date(2015, 1, 11), date(2015, 1, 12)
SOURCE = example(TYPE)["source"]
OUTAGE_SECONDS = 20


def test_a_killed_gateway_loses_and_doubles_nothing(stack: Stack) -> None:
    outcome = run(stack.settings, 3, KILLED, random.Random(15), stack.wait_until_landed)
    assert outcome.holds, outcome
    assert outcome.accepted >= 80


def test_a_stopping_gateway_answers_all_that_was_begun(stack: Stack) -> None:
    supervisor = Supervisor(stack.settings)
    key = stack.settings.secrets.source_keys[SOURCE]
    senders = Senders(stack.urls["gateway"], key, STOPPED, "STOP").start()
    try:
        senders.wait_for(50)
        supervisor.stop_program("gateway")
        assert senders.outcomes["cut"] == 0, senders.outcomes
    finally:
        supervisor.start_program("gateway")
        wait_for(supervisor, stack.settings, "gateway", 180)
    senders.wait_for(len(senders.accepted) + 10)
    senders.stop()
    assert set(senders.outcomes) <= {"202", "refused"}, senders.outcomes
    stack.wait_until_landed()
    query = "SELECT sum(events), sum(amount_yuan) FROM mart.daily WHERE stream = %(s)s AND day = %(d)s"
    counted = stack.clickhouse(query, {"s": TYPE, "d": STOPPED})
    assert counted == [(len(senders.accepted), sum(senders.accepted.values()))]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Settings, Supervisor]]:
    with small_stack(tmp_path / "small", gateways=2) as found:
        yield found


def test_without_kafka_nothing_is_accepted_and_it_resumes_by_itself(small: tuple[Settings, Supervisor]) -> None:
    """Two processes on one port; while Kafka is gone both answer 503 within their bound, and afterwards 202 again."""
    settings, supervisor = small
    url, key = f"http://{settings.host}:{settings.gateway_port}", settings.secrets.source_keys[SOURCE]

    def post(number: int) -> int:
        document = weighing(OUTAGE, f"OUTAGE-{number}")
        return httpx.post(f"{url}/v1/events", json=document, headers=headers, timeout=60).status_code

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents+json"}
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(post, range(16))) == {202}
        supervisor.stop_program("kafka")
        gone = time.monotonic()
        assert set(pool.map(post, range(100, 116))) == {503}
        assert time.monotonic() - gone < 40, "held longer than its bound"
        assert httpx.get(f"{url}/readyz").status_code == 503
        assert httpx.get(f"{url}/healthz").status_code == 200
        time.sleep(max(0.0, gone + OUTAGE_SECONDS - time.monotonic()))
        supervisor.start_program("kafka")
        wait_for(supervisor, settings, "kafka", 180)
        deadline = time.monotonic() + 30
        while post(200) != 202:
            assert time.monotonic() < deadline, "it did not resume"
        assert set(pool.map(post, range(300, 316))) == {202}
    metrics = httpx.get(f"{url}/metrics").text
    assert f'huanxin_gateway_events_total{{source="{SOURCE}",status="accepted"}}' in metrics
