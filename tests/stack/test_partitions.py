"""More partitions while the workers run: new ones are read within seconds, and every cell ends at its last figure."""

import os
import random
import signal
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from kafka import KafkaProducer

from benchmarks.peers.events import TYPE, payment
from huanxin.stack.status import lag
from huanxin.stack.supervision import Supervisor
from ingest.prepare import Preparer
from ingest.sources import sources
from schemas.catalogue import TOUCHED_CELLS, topic
from schemas.envelope import Envelope
from schemas.identity import Identifier
from streams.topics import ensure_topics
from tests.conftest import Stack
from tests.stack.test_effect import until

pytestmark = pytest.mark.stack
DAYS = [date(2017, 3, 1) + timedelta(days=number) for number in range(12)]
MORE = 12


def payments(count: int, **changes: Any) -> Iterator[dict[str, Any]]:
    dice = random.Random(7)
    for number in range(count):
        document = payment(dice, DAYS[number % len(DAYS)], number) | {"revision": changes.get("revision", 1)}
        document["data"] |= {"pay_result": "成功", "payout_kind": "initial"} | changes.get("data", {})
        yield document


def send(stack: Stack, documents: Iterable[dict[str, Any]], partitions: int) -> None:
    identifier = Identifier(bytes.fromhex(stack.settings.secrets.pseudonym_key))
    preparer = Preparer(identifier, sources(), timedelta(days=1))
    producer = KafkaProducer(bootstrap_servers=stack.settings.kafka_bootstrap)
    for number, document in enumerate(documents):
        event = preparer.prepare(Envelope.model_validate(document))
        producer.send(topic(TYPE), key=event.key, value=event.value, partition=number % partitions)
    producer.close()


def figures(stack: Stack) -> tuple[int, Decimal]:
    query = "SELECT sum(events), sum(amount_yuan) FROM mart.daily WHERE stream = %(s)s AND day IN %(d)s"
    ((events, yuan),) = stack.clickhouse(query, {"s": TYPE, "d": DAYS})
    return int(events), Decimal(yuan)


def test_partitions_grow_under_a_worker_that_was_killed_before(stack: Stack) -> None:
    os.kill(Supervisor(stack.settings).states()["worker-0"]["pid"], signal.SIGKILL)  # back in its session, told of no leader
    first = list(payments(60))
    send(stack, first, 3)
    paid = sum(Decimal(document["data"]["amount_yuan"]) for document in first)
    until(lambda: figures(stack) == (60, paid), 120)

    grown = ensure_topics(stack.settings.model_copy(update={"partitions": MORE}))
    assert {topic(TYPE), TOUCHED_CELLS} <= set(grown)
    again = payments(120, revision=2, data={"status": "corrected", "amount_yuan": "1.25"})
    send(stack, again, MORE)  # the first 60 documents corrected, 60 new ones, in every partition
    until(lambda: figures(stack) == (120, Decimal("150.00")), 180)
    stack.wait_until_landed()
    assert figures(stack) == (120, Decimal("150.00"))
    assert len(lag(stack.settings)[topic(TYPE)]) == MORE
