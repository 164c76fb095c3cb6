"""Runs the Faust app in this process until a signal stops it."""

import gc
import os

import structlog
from faust.worker import Worker
from prometheus_client import start_http_server

from huanxin.settings import Settings
from streams.app import create_app

log = structlog.get_logger()


def run_worker(settings: Settings, index: int) -> None:
    """Serve metrics on the worker's port plus its index, land and aggregate until SIGTERM; what is under way is finished."""
    (settings.home / "data").mkdir(parents=True, exist_ok=True)  # Faust makes its own folder, not the ones above
    app = create_app(settings, index)
    app.conf.web_enabled = False  # metrics have a server of their own; Faust's web offers what nobody here needs
    # A chunk makes tens of thousands of objects, none in cycles: looking through them after each 700 takes a third of the time.
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    start_http_server(settings.worker_port + index, addr=settings.host)
    log.info("worker starting", pid=os.getpid(), kafka=settings.kafka_bootstrap, metrics_port=settings.worker_port + index)
    Worker(app, loglevel=settings.log_level, redirect_stdouts=False).execute_from_commandline()
