"""Runs the gateway under uvicorn, in one process or several on one socket. SIGTERM lets every request under way finish."""

import asyncio
import gc
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from typing import Any

import uvicorn
from fastapi import FastAPI

from huanxin.settings import Settings
from huanxin.settings import settings as read_settings

DRAIN_SECONDS = 2.0
"""How long a stopping process still answers on connections that are open, each with `Connection: close`."""


def serve(settings: Settings) -> None:
    """Serve until a signal stops the process."""
    config = uvicorn.Config(
        "ingest.gateway.serve:application",
        factory=True,
        host=settings.host,
        port=settings.gateway_port,
        loop="uvloop",
        http="httptools",
        log_level=settings.log_level.lower(),
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=20,
    )
    if settings.gateways == 1:
        _Server(config).run()
    else:
        _run_several(config, settings)


def application() -> FastAPI:
    """The application on the real Kafka and ClickHouse, one in each process."""
    from ingest.accept import RecentlySeen
    from ingest.build import build_intake
    from ingest.gateway.access import Access
    from ingest.gateway.app import Supervision, create_gateway
    from ingest.gateway.findings import Departments
    from ingest.gateway.nonces import Nonces
    from ingest.precheck import Checker
    from ingest.sources import sources
    from schemas.identity import Identifier
    from warehouse.client import connect

    settings = read_settings()
    folder = settings.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    access = Access(sources(), settings.secrets.source_keys, Nonces(folder / "nonces.sqlite"))
    gc.freeze()  # what lives as long as the process is not looked through again and again
    gc.set_threshold(20_000, 20, 50)  # a batch makes many objects that last until its answer: collect less often
    supervision = Supervision(
        Departments(settings.secrets.seats_key),
        Checker(Identifier(bytes.fromhex(settings.secrets.pseudonym_key))),
        connect(settings, "worker"),
        connect(settings, "worker"),
    )
    intake = build_intake(settings, RecentlySeen())
    return create_gateway(intake, access, connect(settings, "worker"), supervision=supervision)


class _Server(uvicorn.Server):
    """A server that lets clients go before it hangs up: whoever sends on an open connection meanwhile is still answered."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # no new connections; those that are open stay
        self.server_state.default_headers.append((b"connection", b"close"))
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.server_state.connections and time.monotonic() < deadline:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def _run_several(config: uvicorn.Config, settings: Settings) -> None:
    """Keep so many processes running until a signal comes; they share the socket, and end with this one however it ends."""
    folder = settings.home / "run" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # before a child imports the metrics
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # a successor may bind while old processes still drain
    listener.bind((settings.host, settings.gateway_port))
    spawn = multiprocessing.get_context("spawn")
    children: list[Any] = [None] * settings.gateways
    while not stopping.is_set():
        for place, child in enumerate(children):
            if child is None or not child.is_alive():
                children[place] = spawn.Process(target=_run_child, args=(config, listener, os.getpid()))
                children[place].start()
        stopping.wait(0.5)
    for child in children:
        child.terminate()
    for child in children:
        child.join()


def _run_child(config: uvicorn.Config, listener: socket.socket, parent: int) -> None:
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    _Server(config).run(sockets=[listener])


def _follow(parent: int) -> None:
    """Stop as for a signal once the parent is no more, whatever killed it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
