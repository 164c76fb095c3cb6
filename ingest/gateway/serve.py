"""Runs the gateway under uvicorn; SIGTERM lets requests under way finish."""

import uvicorn

from huanxin.settings import Settings
from ingest.accept import RecentlySeen
from ingest.build import build_intake
from ingest.gateway.access import Access
from ingest.gateway.app import create_gateway
from ingest.sources import sources
from warehouse.client import connect


def serve(settings: Settings) -> None:
    """Serve until a signal stops the process."""
    intake = build_intake(settings, RecentlySeen())
    app = create_gateway(intake, Access(sources(), settings.secrets.source_keys), connect(settings, "worker"))
    try:
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.gateway_port,
            log_level=settings.log_level.lower(),
            access_log=False,
            timeout_graceful_shutdown=10,
        )
    finally:
        intake.publisher.close()
