"""The Faust app: one `land` agent for each event type, `aggregate`, `match` and `heartbeat`. Run it with `huanxin worker`."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import faust
from faust.types import TP
from mode.supervisors import CrashingSupervisor

from huanxin.settings import Settings
from schemas.catalogue import HEARTBEATS, TOUCHED_CASES, TOUCHED_CELLS, event_types, topic
from schemas.event import EventData
from schemas.identity import Identifier
from schemas.seal import Seal
from streams.aggregate import Aggregator
from streams.gather import ASK_SECONDS, gathered, gathered_twice, in_turn
from streams.heartbeats import HeartbeatKeeper
from streams.landing import LandingAgent
from streams.match import Matcher
from streams.retry import GivenUpError
from streams.touched_cases import PARTITION
from streams.transport import ChunkSchema

AGGREGATE_PAUSE, AGGREGATE_PAUSE_SECONDS = 1, 0.5
FACETS_PAUSE, FACETS_PAUSE_SECONDS = 3, 2.0
"""How many times as long as days, or their facets, took `aggregate` waits before it counts them again, and how long at most."""
BEHIND_SECONDS = 5.0
BEHIND_PAUSE, BEHIND_PAUSE_SECONDS = 4, 20.0
"""The same, of `match` too, while landing is so far behind: figures and findings are old anyhow, and each day would be counted,
each case judged, again and again."""
HEARTBEAT_PAUSE_SECONDS = 1.0
LANDED = frozenset(topic(event_type) for event_type in event_types())
"""The topics of all event types."""


def create_app(settings: Settings, index: int = 0) -> faust.App:
    """Build the app of this host's `index`th worker. Its order: insert, dead letters, touched cells, then acknowledge."""
    app = faust.App(
        "huanxin",
        broker=f"huanxin-batch://{settings.kafka_bootstrap}",
        datadir=settings.home / "data" / "faust",
        topic_allow_declare=False,  # streams.topics makes them, with their configuration
        topic_disable_leader=True,
        broker_max_poll_records=settings.chunk_events,
        stream_buffer_maxsize=5,  # chunks waiting for an agent; Faust pauses a partition at four fifths of it
        stream_wait_empty=True,
        broker_commit_interval=1.0,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_request_timeout=30.0,
        # Static membership: a worker that is killed and started again has its partitions back at once; else they would wait
        # until its session ends. A worker that is taken away for good gives its own up when its session ends.
        consumer_group_instance_id=f"{socket.gethostname()}-{index}",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 * 1_048_576,
        consumer_metadata_max_age_ms=10_000,  # how soon new partitions are seen
        producer_metadata_max_age_ms=10_000,
        producer_acks=-1,
        web_router_enabled=False,
        web_tables_enabled=False,
        web_bind=settings.host,
        web_port=settings.worker_port,
        agent_supervisor=CrashingSupervisor,  # a bug stops the worker loudly; the process supervisor starts it again
    )
    identifier = Identifier(bytes.fromhex(settings.secrets.pseudonym_key))
    seal = Seal(bytes.fromhex(settings.secrets.seal_key))
    for model in event_types().values():
        _add_land(app, settings, model, identifier, seal)
    if settings.aggregate:
        _add_aggregate(app, settings)
    if settings.supervise:
        _add_match(app, settings)
    _add_heartbeat(app, settings)
    return app


def _add_land(app: faust.App, settings: Settings, model: type[EventData], identifier: Identifier, seal: Seal) -> None:
    agent = LandingAgent(app, settings, model, identifier, seal)
    source = app.topic(topic(model.event_type), schema=ChunkSchema())

    @app.agent(source, name=f"land.{model.event_type}", concurrency=1)  # type: ignore[untyped-decorator]
    async def land(stream: Any) -> None:
        await agent.run(stream.noack())


def _add_aggregate(app: faust.App, settings: Settings) -> None:
    aggregator = Aggregator(app, settings)
    source = app.topic(TOUCHED_CELLS, schema=ChunkSchema())

    @app.agent(source, name="aggregate", concurrency=1)  # type: ignore[untyped-decorator]
    async def aggregate(stream: Any) -> None:
        def pause(times: int, most: float) -> Callable[[float], float]:
            # What is touched meanwhile comes as one chunk: each cell once.
            return lambda spent: _pause(app, spent, max(settings.aggregate_interval_seconds, min(times * spent, most)))

        days = in_turn(aggregator.days, pause(AGGREGATE_PAUSE, AGGREGATE_PAUSE_SECONDS))
        facets = in_turn(aggregator.facets, pause(FACETS_PAUSE, FACETS_PAUSE_SECONDS))
        await gathered_twice(stream.noack(), days, facets, settings.chunk_events)


def _add_match(app: faust.App, settings: Settings) -> None:
    matcher = Matcher(settings, lambda: _called_away(app))
    source = app.topic(TOUCHED_CASES, schema=ChunkSchema())

    @app.agent(source, name="match", concurrency=1)  # type: ignore[untyped-decorator]
    async def match(stream: Any) -> None:
        def pause(spent: float) -> float:
            # What is touched meanwhile comes as one chunk, each case once.
            return _pause(app, spent, max(matcher.pause(spent), settings.match_interval_seconds - spent))

        await gathered(stream.noack(), in_turn(matcher.process, pause), settings.chunk_events)

    @app.timer(interval=settings.judge_all_seconds)  # type: ignore[untyped-decorator]
    async def judge_all() -> None:
        # One worker does, the one that matches; a rebalance that it was given up for may leave the partition here.
        while not app.should_stop and TP(TOUCHED_CASES, PARTITION) in app.consumer.assignment():
            with suppress(GivenUpError):
                await matcher.judge_all()
                break
            await asyncio.sleep(ASK_SECONDS)


def _called_away(app: faust.App) -> bool:
    """Whether a rebalance or the worker's end waits for what is under way."""
    return bool(app.rebalancing or app.should_stop)


def _pause(app: faust.App, spent: float, usual: float) -> float:
    """How long an agent waits before its next round: longer while landing is behind, not at all while a rebalance waits."""
    if _called_away(app):
        return 0.0
    behind = app.consumer.behind_seconds(LANDED) > BEHIND_SECONDS
    return max(usual, min(BEHIND_PAUSE * spent, BEHIND_PAUSE_SECONDS)) if behind else usual


def _add_heartbeat(app: faust.App, settings: Settings) -> None:
    keeper = HeartbeatKeeper(settings)
    source = app.topic(HEARTBEATS, schema=ChunkSchema())

    @app.agent(source, name="heartbeat", concurrency=1)  # type: ignore[untyped-decorator]
    async def heartbeat(stream: Any) -> None:
        await gathered(stream.noack(), in_turn(keeper.process, lambda _: HEARTBEAT_PAUSE_SECONDS), settings.chunk_events)
