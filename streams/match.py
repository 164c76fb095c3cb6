"""The `match` agent's work: the cases that documents which came meanwhile touch are judged by the rules, each once.

Judging all cases may take minutes. A rebalance, or the worker's end, waits for what is under way, and nothing lands meanwhile;
so judging is given up then, and done by whoever gets the partition.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from clickhouse_driver import Client

from huanxin.settings import Settings
from streams.gather import ASK_SECONDS
from streams.metrics import JUDGE_FAILED, JUDGE_SECONDS, JUDGED
from streams.retry import GivenUpError, forever
from streams.touched_cases import unpack_documents
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.supervise import Run, run_all, run_cases

log = structlog.get_logger()

ALL_PAUSE, ALL_PAUSE_SECONDS = 3, 60.0
"""How many times as long as judging all cases took `match` waits before it judges again, and how long at most."""


class Matcher:
    """Stores what changed among the findings. One at a time: what is stored later was read later."""

    def __init__(self, settings: Settings, called_away: Callable[[], bool]) -> None:
        self.called_away = called_away
        """Whether a rebalance or the worker's end waits for what is under way."""
        self.most = settings.match_most_documents
        self.client = connect(settings, "worker")
        self.turn = asyncio.Lock()
        self.judged_all = False
        """Whether all cases were judged last."""

    async def process(self, chunks: Sequence[Chunk]) -> None:
        """Return once every touched case is judged: case by case, or all at once where there are too many.

        Raises GivenUpError, with nothing stored that another run would not store too.
        """
        documents = unpack_documents(record.value for chunk in chunks for record in chunk.records)
        if len(documents) > self.most:
            await self.judge_all()
        else:
            await self._judge("cases", lambda: run_cases(self.client, documents))

    async def judge_all(self) -> None:
        """Judge every case. Silence opens what is overdue here. Raises GivenUpError too."""
        await self._judge("all", lambda: run_all(self.client))

    def pause(self, spent: float) -> float:
        """Seconds to wait after a round that took `spent`: as long, and longer where all cases were judged.

        All cost the same however many are touched meanwhile.
        """
        return min(ALL_PAUSE * spent, ALL_PAUSE_SECONDS) if self.judged_all else spent

    async def _judge(self, scope: str, run: Callable[[], Run]) -> None:
        async with self.turn:
            started = time.monotonic()
            async for attempt in forever("judge", scope=scope):
                with attempt:
                    done = await self._unless_called_away(run)
            seconds = time.monotonic() - started
            self.judged_all = scope == "all"
        JUDGE_SECONDS.labels(scope).observe(seconds)
        for event, count in done.changes.items():
            JUDGED.labels(event).inc(count)
        for rule in done.failed:
            JUDGE_FAILED.labels(rule).inc()
        log.info("judged", scope=scope, seconds=round(seconds, 3), **done.changes)

    async def _unless_called_away(self, run: Callable[[], Run]) -> Run:
        if self.called_away():
            raise GivenUpError
        judging = asyncio.ensure_future(asyncio.to_thread(self._run, run))
        while not (await asyncio.wait({judging}, timeout=ASK_SECONDS))[0]:
            if self.called_away():
                cut(self.client)
        if self.called_away() and judging.exception():
            log.info("judging given up")
            raise GivenUpError
        return judging.result()

    def _run(self, run: Callable[[], Run]) -> Run:
        try:
            return run()
        finally:
            self.client.disconnect()  # a session's temporary tables go with it


def cut(client: Client) -> None:
    """Cut a client's connection while another thread waits for its answer: the server ends the statement."""
    with suppress(AttributeError, OSError):  # not connected just now
        client.connection.socket.shutdown(socket.SHUT_RDWR)
