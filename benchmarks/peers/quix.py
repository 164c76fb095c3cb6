"""Quix Streams: a streaming dataframe into a batching sink."""

from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch

from benchmarks.peers.job import BATCH, GROUP, KAFKA, TOPIC, Table, to_row


class ClickHouse(BatchingSink):  # type: ignore[misc]  # quixstreams is in .venv-bench, unknown to mypy
    """Inserts what was gathered since the last commit."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table()

    def write(self, batch: SinkBatch) -> None:
        """One block for each partition's batch."""
        self.table.insert([to_row(item.value, batch.partition, item.offset, item.timestamp) for item in batch])


app = Application(
    broker_address=KAFKA,
    consumer_group=GROUP,
    auto_offset_reset="earliest",
    commit_every=BATCH,
    commit_interval=1.0,
    auto_create_topics=False,
    loglevel="WARNING",
)
frame = app.dataframe(app.topic(TOPIC, value_deserializer="bytes", key_deserializer="bytes"))
frame.sink(ClickHouse())

if __name__ == "__main__":
    app.run()
