"""The gateway over ASGI, on a fake publisher and a fake store."""

import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from ingest.fakes import FakePublisher
from ingest.gateway.access import Access
from ingest.gateway.admission import Admission
from ingest.gateway.app import create_gateway
from ingest.sources import sources
from tests.ingest.gateway.asking import KEYS
from tests.ingest.samples import intake


class FakeClickHouse:
    """Answers every query with the rows it was given, or with an outage."""

    def __init__(self) -> None:
        self.landed: list[tuple[Any, ...]] = []
        self.available = True
        self.answering = threading.Event()
        self.answering.set()
        self.asking = 0

    def execute(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        """Landed rows for the look-up in the landing tables, none for the one among dead letters; never two at once."""
        self.asking += 1
        assert self.asking == 1, "a ClickHouse client is not thread-safe"
        self.answering.wait()
        self.asking -= 1
        if not self.available:
            raise ConnectionRefusedError
        return [] if "dead_letter" in query else self.landed


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def store() -> FakeClickHouse:
    return FakeClickHouse()


@pytest.fixture
def admission() -> Admission:
    return Admission(max_requests=64)


@pytest.fixture
async def client(publisher: FakePublisher, store: FakeClickHouse, admission: Admission) -> AsyncIterator[httpx.AsyncClient]:
    app = create_gateway(intake(publisher), Access(sources(), KEYS), store, admission)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found
