"""A Faust app on either transport, for the contract test: writes what it is given to a file, then acknowledges.

Run as `python -m tests.streams.contract_app SCHEME BOOTSTRAP GROUP TOPIC FILE FOLDER MODE`. Modes: `plain`; `hold` keeps
the first delivery for ever; `seek` goes back to every partition's beginning once, after its first delivery.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

import faust

from streams.transport import Chunk, ChunkSchema


def main(scheme: str, bootstrap: str, group: str, topic: str, file: str, folder: str, mode: str) -> None:
    """Run until a signal."""
    app = faust.App(
        group,
        broker=f"{scheme}://{bootstrap}",
        datadir=Path(folder),
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=True,
        broker_commit_interval=0.5,
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.0,
        consumer_auto_offset_reset="earliest",
    )
    chunks = scheme != "kafka"
    source = app.topic(topic, schema=ChunkSchema()) if chunks else app.topic(topic, value_serializer="raw", value_type=bytes)
    sought = mode != "seek"

    def write(text: str) -> None:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(text)

    @app.agent(source, concurrency=1)  # type: ignore[untyped-decorator]
    async def take(stream: Any) -> None:
        nonlocal sought
        stream = stream.noack()
        async for event in stream.events():
            values = [r.value for r in event.value.records] if isinstance(event.value, Chunk) else [event.message.value]
            write("".join(f"{value.decode()}\n" for value in values))
            if mode == "hold":
                await asyncio.sleep(3600)
            await stream.ack(event)
            if not sought:
                sought = True
                for tp in app.consumer.assignment():
                    await app.consumer.seek(tp, 0)

    sys.argv = [sys.argv[0], "worker", "--without-web", "-l", "warn"]
    app.main()


if __name__ == "__main__":
    main(*sys.argv[1:8])
