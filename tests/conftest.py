"""The session's own stack: real Kafka, ClickHouse, workers, gateway and Superset, on free ports, in a folder of its own.

It starts once for the whole run, when the first test asks for it, and holds two years of the synthetic county. Tests that write
use days outside those years, so that their order does not matter.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clickhouse_driver.errors import NetworkError
from rich.console import Console
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from huanxin.demo import load_demo, load_forecast, wait_until_landed
from huanxin.settings import CHECKOUT, Settings
from huanxin.stack.choices import PORTS, free_ports
from huanxin.stack.lifecycle import down, up
from huanxin.stack.status import urls
from warehouse.client import connection
from warehouse.refreshed import refresh

LOST = (NetworkError, EOFError)
"""What the client raises when the server goes away."""


@dataclass(frozen=True)
class Stack:
    """A running stack and the county's files."""

    settings: Settings
    loaded_at: datetime
    """When the county was landed; what came later is a test's own."""

    @property
    def urls(self) -> dict[str, str]:
        """Service → address."""
        return urls(self.settings)

    @property
    def leader_password(self) -> str:
        """The read-only sign-in of leaders."""
        return self.settings.secrets.superset_leader

    @property
    def county(self) -> Path:
        """The simulator's files."""
        return self.settings.home / "demo"

    @retry(retry=retry_if_exception_type(LOST), stop=stop_after_delay(30), wait=wait_fixed(0.2), reraise=True)
    def clickhouse(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        """Run one query as the admin user.

        The local server sometimes ends itself when a client is killed (docs/reliability.md) and is back within seconds.
        """
        with connection(self.settings, "admin") as client:
            rows: list[tuple[Any, ...]] = client.execute(query, params)
        return rows

    def wait_until_landed(self) -> None:
        """Return once the workers have acknowledged all that is in Kafka."""
        wait_until_landed(self.settings, CONSOLE)

    def refresh(self) -> None:
        """Bring the timed marts and what pages say up to what is landed, as a minute's waiting would."""
        self.wait_until_landed()
        refresh(self.settings)
        for folder in ("ready", "data"):
            for answer in (self.settings.home / "data" / "superset" / "cache" / folder).glob("*"):
                answer.unlink(missing_ok=True)

    def headers(self, source: str, media: str = "application/cloudevents+json") -> dict[str, str]:
        """What a source sends along with a POST."""
        return {"Authorization": f"Bearer {self.settings.secrets.source_keys[source]}", "Content-Type": media}


CONSOLE = Console(file=sys.stderr)


@pytest.fixture
def superset_code(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Superset's own modules by their names, forgotten afterwards: some read the environment when they are imported."""
    own = {file.stem for file in (CHECKOUT / "superset").glob("*.py")}
    known = {name: sys.modules.pop(name) for name in own & sys.modules.keys()}
    monkeypatch.syspath_prepend(str(CHECKOUT / "superset"))
    yield
    for name in own & sys.modules.keys():
        del sys.modules[name]
    sys.modules |= known


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("stack")
    (home / "ports.json").write_text(json.dumps(dict(zip(PORTS, free_ports(len(PORTS)), strict=True))))
    settings = Settings(home=home)
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        settings = up(settings, lambda what: CONSOLE.print(f"stack: {what}", highlight=False))
        load_demo(settings, CONSOLE)
        wait_until_landed(settings, CONSOLE)
        load_forecast(settings, CONSOLE)
        refresh(settings)
    yield Stack(settings, datetime.now(UTC))
    left = down(settings)
    logs = Path(request.config.rootpath) / ".huanxin" / "last-test-logs"
    shutil.rmtree(logs, ignore_errors=True)
    shutil.copytree(home / "logs", logs)
    assert left == 0, f"{left} processes of the stack were left behind"
