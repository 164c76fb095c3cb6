"""The `match` agent's work: the cases that documents which came meanwhile touch are judged by the rules, each once."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from huanxin.settings import Settings
from streams.metrics import JUDGE_FAILED, JUDGE_SECONDS, JUDGED
from streams.retry import forever
from streams.touched_cases import unpack_documents
from streams.transport import Chunk
from warehouse.client import connect
from warehouse.supervise import Run, run_all, run_cases

log = structlog.get_logger()

ALL_PAUSE, ALL_PAUSE_SECONDS = 3, 60.0
"""How many times as long as judging all cases took `match` waits before it judges again, and how long at most."""


class Matcher:
    """Stores what changed among the findings. One at a time: what is stored later was read later."""

    def __init__(self, settings: Settings) -> None:
        self.most = settings.match_most_documents
        self.client = connect(settings, "worker")
        self.turn = asyncio.Lock()
        self.judged_all = False
        """Whether all cases were judged last."""

    async def process(self, chunks: Sequence[Chunk]) -> None:
        """Return once every touched case is judged: case by case, or all at once where there are too many."""
        documents = unpack_documents(record.value for chunk in chunks for record in chunk.records)
        if len(documents) > self.most:
            await self.judge_all()
        else:
            await self._judge("cases", lambda: run_cases(self.client, documents))

    async def judge_all(self) -> None:
        """Judge every case. Silence opens what is overdue here."""
        await self._judge("all", lambda: run_all(self.client))

    def pause(self, spent: float) -> float:
        """Seconds to wait after a round that took `spent`: as long, and longer where all cases were judged, not only touched ones.

        All cost the same however many are touched meanwhile.
        """
        return min(ALL_PAUSE * spent, ALL_PAUSE_SECONDS) if self.judged_all else spent

    async def _judge(self, scope: str, run: Callable[[], Run]) -> None:
        async with self.turn:
            started = time.monotonic()
            async for attempt in forever("judge", scope=scope):
                with attempt:
                    done = await asyncio.to_thread(self._run, run)
            seconds = time.monotonic() - started
            self.judged_all = scope == "all"
        JUDGE_SECONDS.labels(scope).observe(seconds)
        for event, count in done.changes.items():
            JUDGED.labels(event).inc(count)
        for rule in done.failed:
            JUDGE_FAILED.labels(rule).inc()
        log.info("judged", scope=scope, seconds=round(seconds, 3), **done.changes)

    def _run(self, run: Callable[[], Run]) -> Run:
        try:
            return run()
        finally:
            self.client.disconnect()  # a session's temporary tables go with it
