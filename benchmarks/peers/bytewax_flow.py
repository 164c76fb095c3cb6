"""Bytewax: its Kafka input in batches, one map, a sink that writes each batch. Run with a recovery store, as its users do."""

from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition

from benchmarks.peers.job import BATCH, KAFKA, TOPIC, Table, to_row


class Writer(StatelessSinkPartition[Any]):  # type: ignore[misc]  # bytewax is in .venv-bench, unknown to mypy
    """Inserts each batch."""

    def __init__(self) -> None:
        self.table = Table()

    def write_batch(self, items: list[Any]) -> None:
        """One block."""
        self.table.insert(items)


class ClickHouse(DynamicSink[Any]):  # type: ignore[misc]  # bytewax is in .venv-bench, unknown to mypy
    """One writer for each worker."""

    def build(self, step_id: str, worker_index: int, worker_count: int) -> Writer:
        """The worker's writer."""
        return Writer()


def row(message: KafkaSourceMessage[Any, Any]) -> Any:
    """The job for one message."""
    return to_row(message.value, message.partition, message.offset, message.timestamp[1])


flow = Dataflow("huanxin_bench")
source = op.input("kafka", flow, KafkaSource([KAFKA], [TOPIC], batch_size=BATCH))
op.output("clickhouse", op.map("job", source, row), ClickHouse())
