"""Requests of one event each, judged and handed to Kafka together with those that arrived in the same turn of the event loop.

Nobody waits for more to arrive: a request alone is a gathering of one. Under load a gathering costs each a fraction of its own
validation call, hand-over and acknowledgement.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from huanxin.errors import RejectedError
from ingest.accept import Intake, Result, owned, read_envelopes
from ingest.gateway.acknowledged import Acknowledgements
from ingest.prepare import Outcome
from ingest.sources import Source

Taken = tuple[Outcome, Result]
"""What an event was judged to be, and what its sender is told."""


class _Waiting(NamedTuple):
    source: Source
    document: object
    taken: "asyncio.Future[Taken]"

    def end(self, outcome: Outcome, result: Result) -> None:
        """Let the request go on, unless its client has left."""
        if not self.taken.done():
            self.taken.set_result((outcome, result))

    def fail(self, error: Exception) -> None:
        """Let the request fail, unless its client has left."""
        if not self.taken.done():
            self.taken.set_exception(error)


class Together:
    """One process's gathering of single events."""

    def __init__(self, intake: Intake, acknowledgements: Acknowledgements) -> None:
        self._intake, self._acknowledgements = intake, acknowledgements
        self._arrived: list[_Waiting] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def take(self, source: Source, document: object) -> Taken:
        """Return once Kafka holds the event, or it is known to be a resend or not valid. Raises UnavailableError."""
        if not self._arrived:
            task = asyncio.create_task(self._turn())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        waiting = _Waiting(source, document, asyncio.get_running_loop().create_future())
        self._arrived.append(waiting)
        return await waiting.taken

    async def _turn(self) -> None:
        arrived, self._arrived = self._arrived, []
        try:
            await self._take(arrived)
        except Exception as error:  # every request's, as it would be alone
            for each in arrived:
                each.fail(error)

    async def _take(self, arrived: Sequence[_Waiting]) -> None:
        envelopes = read_envelopes([each.document for each in arrived])
        judged = [owned(envelope, each.source) for envelope, each in zip(envelopes, arrived, strict=True)]
        valid: list[_Waiting] = []
        outcomes: list[Outcome] = []
        for each, outcome in zip(arrived, self._intake.preparer.prepare_many(judged), strict=True):
            if isinstance(outcome, RejectedError):  # needs no Kafka
                each.end(outcome, Result.of(outcome))
            else:
                valid.append(each)
                outcomes.append(outcome)
        sending = self._intake.send(outcomes)
        await self._acknowledgements.of(sending.acknowledged)
        for each, outcome, result in zip(valid, outcomes, sending.results(), strict=True):
            each.end(outcome, result)
