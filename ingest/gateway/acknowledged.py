"""Waiting for Kafka on the event loop: while any request waits, acknowledgements are fetched every millisecond.

No thread takes part: one would have to wrest the interpreter from a busy loop for every acknowledgement.
"""

import asyncio
from concurrent.futures import Future

from ingest.publisher import Publisher

TICK_SECONDS = 0.001


class Acknowledgements:
    """One publisher's, for all requests of a process."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._waiting = 0
        self._ticking = False

    async def of(self, sent: "Future[None]") -> None:
        """Return once Kafka holds what was sent. Raises what the future ends with."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        sent.add_done_callback(lambda _: ended.set())
        self._waiting += 1
        if not self._ticking:
            self._ticking = True
            loop.call_later(TICK_SECONDS, self._tick, loop)
        try:
            await ended.wait()
        finally:
            self._waiting -= 1
        sent.result()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._publisher.poll(0)
        self._ticking = self._waiting > 0
        if self._ticking:
            loop.call_later(TICK_SECONDS, self._tick, loop)
