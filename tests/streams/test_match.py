"""Judging is given up where a rebalance, or the worker's end, waits for it."""

import asyncio
import socket
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from clickhouse_driver import Client

from huanxin.settings import Settings
from streams import match
from streams.match import Matcher
from streams.retry import GivenUpError
from warehouse.supervise import Run


def asked_after(seconds: float) -> Callable[[], bool]:
    begun = time.monotonic()
    return lambda: time.monotonic() - begun > seconds


def test_judging_that_nothing_waits_for_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "run_all", lambda client: Run({"opened": 2}))
    matcher = Matcher(Settings(), lambda: False)
    asyncio.run(matcher.judge_all())
    assert matcher.pause(10.0) == match.ALL_PAUSE * 10.0
    assert matcher.pause(1000.0) == match.ALL_PAUSE_SECONDS


def test_a_wait_for_an_answer_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, servers = socket.socketpair()

    def run(client: Client) -> Run:
        if ours.recv(1) == b"":
            raise EOFError
        return Run({})

    monkeypatch.setattr(match, "run_all", run)
    matcher = Matcher(Settings(), asked_after(0.3))
    matcher.client.connection = SimpleNamespace(socket=ours, disconnect=lambda: None)
    with pytest.raises(GivenUpError):
        asyncio.run(asyncio.wait_for(matcher.judge_all(), 10))
    servers.close()
    ours.close()


def test_while_a_rebalance_waits_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Client] = []
    monkeypatch.setattr(match, "run_all", begun.append)
    with pytest.raises(GivenUpError):
        asyncio.run(Matcher(Settings(), lambda: True).judge_all())
    assert begun == []


@pytest.mark.stack
def test_the_server_ends_what_was_given_up(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = "SELECT sum(sipHash64(number)) FROM numbers(1000000000000) -- given up"

    def run(client: Client) -> Run:
        client.execute(statement)
        return Run({})

    monkeypatch.setattr(match, "run_all", run)
    with pytest.raises(GivenUpError):
        asyncio.run(asyncio.wait_for(Matcher(stack.settings, lambda: bool(running(stack))).judge_all(), 30))
    for _ in range(50):
        if not running(stack):
            break
        time.sleep(0.1)
    assert running(stack) == []


def running(stack: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = stack.clickhouse(
        "SELECT query_id FROM system.processes WHERE query LIKE 'SELECT%-- given up'"
    )
    return rows
