"""Faults of ours are retried for ever, with back-off: the lag grows and shows, and nothing is skipped."""

from typing import Any

import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    retry_if_not_exception_type,
    wait_exponential_jitter,
)

from streams.metrics import RETRIES

log = structlog.get_logger()


class GivenUpError(Exception):
    """What was under way was given up: a rebalance or the worker's end waits for it, and it comes again, here or elsewhere."""


def forever(stage: str, **context: Any) -> AsyncRetrying:
    """Retry whatever exception comes but GivenUpError, 0.2 s to 5 s apart; each one is logged and counted under `stage`."""

    def before_sleep(state: RetryCallState) -> None:
        RETRIES.labels(stage).inc()
        error = state.outcome.exception() if state.outcome else None
        log.warning("retry", stage=stage, attempt=state.attempt_number, error=repr(error)[:500], **context)

    return AsyncRetrying(
        wait=wait_exponential_jitter(multiplier=0.2, max=5, jitter=0.5),
        retry=retry_if_exception_type(Exception) & retry_if_not_exception_type(GivenUpError),
        before_sleep=before_sleep,
    )
