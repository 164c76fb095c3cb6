"""Stock Faust: `take` a batch, do the job, insert in a thread."""

import asyncio
import sys
from typing import Any

import faust

from benchmarks.peers.job import BATCH, GROUP, KAFKA, SCRATCH, TOPIC, Table, to_row

app = faust.App(
    GROUP,
    broker=f"kafka://{KAFKA}",
    datadir=SCRATCH,
    consumer_auto_offset_reset="earliest",
    topic_disable_leader=True,
    broker_max_poll_records=BATCH,
    stream_buffer_maxsize=BATCH,
)
topic = app.topic(TOPIC, value_serializer="raw", value_type=bytes)
table = Table()


@app.agent(topic)
async def land(stream: Any) -> None:
    """Batches of up to BATCH events or half a second."""
    async for events in stream.take_events(BATCH, within=0.5):
        messages = [event.message for event in events]
        rows = [to_row(m.value, m.partition, m.offset, int(m.timestamp * 1000)) for m in messages]
        await asyncio.to_thread(table.insert, rows)


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "--without-web", "-l", "warn"]
    app.main()
