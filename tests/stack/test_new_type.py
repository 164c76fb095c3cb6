"""A new event type is three files: it is accepted, landed, counted and documented. Its source is an entry of the registry."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from huanxin.settings import CHECKOUT
from huanxin.stack.choices import PORTS, free_ports
from tests.conftest import Stack
from warehouse.client import connection

pytestmark = pytest.mark.stack
PACKAGES = ("huanxin", "ingest", "streams", "schemas", "warehouse", "expectations", "console", "requirements", "docs")

MODEL = '''
"""家装厨卫焕新: a household renews kitchen or bath (synthetic, for a test)."""

from schemas.event import EventData
from schemas.fields import Code, Day, PersonName, Town, Yuan


class HomeRenewed(EventData, event_type="home.renewed", key=("contract_no", "done_on"), day="done_on", amount="price_yuan"):
    """Source: 县住建局."""

    contract_no: Code
    done_on: Day
    owner: PersonName
    price_yuan: Yuan
    town: Town
'''
EXAMPLE = {
    "specversion": "1.0",
    "id": "renewal-1",
    "source": "housing.renewal",
    "type": "home.renewed",
    "time": "2024-05-02T11:33:39+08:00",
    "data": {"contract_no": "演示-1", "done_on": "2024-05-02", "owner": "武冬华", "price_yuan": "1200.50", "town": "凤城镇"},
}
SOURCE = """
  - id: housing.renewal
    department: 县住建局
    title: 家装厨卫焕新
    surface: http
    event_types: [home.renewed]
    expected_every: 7d
    synthetic: true
"""


def migration() -> str:
    """A neighbour's migration, with the new type's name and columns."""
    text = (CHECKOUT / "warehouse" / "migrations" / "014_subsidy_paid.sql").read_text("utf-8")
    head, _, rest = text.partition("    status LowCardinality(String),\n")
    _, _, tail = rest.partition("    -- The earliest arrival wins")
    precedence, _, views = tail.partition("    -- The cases that the document belongs to")
    columns = (
        "    status LowCardinality(String),\n    contract_no String,\n    done_on Date,\n    owner_token FixedString(16),\n"
        "    owner_masked String,\n    price_yuan Decimal(18, 2),\n    town String,\n    -- The earliest arrival wins"
    )
    measures = (
        "    m_town String ALIAS town,\n    m_category String ALIAS '家装',\n    m_pieces Int64 ALIAS 1,\n"
        "    m_net_kg Decimal(18, 2) ALIAS 0,\n    m_amount_yuan Decimal(18, 2) ALIAS price_yuan\n)"
    )
    made = head + columns + precedence + measures + views[views.index("\nENGINE") :]
    return made.replace("subsidy_paid", "home_renewed").replace(", case_keys", "")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The platform's tree with three files and one entry more."""
    root = tmp_path / "tree"
    for package in PACKAGES:
        shutil.copytree(CHECKOUT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "schemas" / "events" / "home_renewed.py").write_text(MODEL, "utf-8")
    (root / "schemas" / "examples" / "home.renewed.json").write_text(json.dumps(EXAMPLE, ensure_ascii=False), "utf-8")
    (root / "warehouse" / "migrations" / "019_home_renewed.sql").write_text(migration(), "utf-8")
    with (root / "ingest" / "sources.yaml").open("a", encoding="utf-8") as registry:
        registry.write(SOURCE)
    return root


def test_three_files_make_a_type(stack: Stack, tree: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "ports.json").write_text(json.dumps(dict(zip(PORTS, free_ports(len(PORTS)), strict=True))))
    runtime = str(stack.settings.runtime)
    environment = {**os.environ, "PYTHONPATH": str(tree), "HUANXIN_HOME": str(home), "HUANXIN_RUNTIME": runtime}

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "huanxin", *words]
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    try:
        run("up", "--no-superset")
        gateway = json.loads(run("status", "--json"))["urls"]["gateway"]
        headers = {
            "Authorization": f"Bearer {run('key', 'housing.renewal').strip()}",
            "Content-Type": "application/cloudevents+json",
        }
        answer = httpx.post(f"{gateway}/v1/events", content=json.dumps(EXAMPLE), headers=headers, timeout=60)
        (result,) = answer.json()["results"]
        assert result["status"] == "accepted", answer.text
        settings = stack.settings.model_copy(update=chosen(home))
        with connection(settings, "admin") as client:
            counted = (
                "SELECT events, pieces, toFloat64(amount_yuan), town, category FROM mart.daily WHERE stream = 'home.renewed'"
            )
            until(lambda: client.execute(counted) == [(1, 1, 1200.5, "凤城镇", "家装")])
            ((masked,),) = client.execute("SELECT owner_masked FROM landing.home_renewed_current")
            assert masked not in ("", "武冬华")
            ((balanced,),) = client.execute("SELECT balanced FROM ops.reconciliation WHERE source = 'housing.renewal'")
            assert balanced
        receipt = httpx.get(f"{gateway}/v1/receipts/{result['id']}", headers=headers, timeout=60).json()
        assert (receipt["status"], receipt["type"]) == ("stored", "home.renewed")
        run("contracts", "export", "--out", str(tmp_path / "contracts"))
        contract = json.loads((tmp_path / "contracts" / "home.renewed.v1.schema.json").read_text("utf-8"))
        assert contract["properties"]["data"]["properties"]["owner"]["x-personal"] == "name"
        time.sleep(2)  # a document of no case must not hold up the judging of those that have one
        assert json.loads(run("status", "--json"))["healthy"]
        assert sum(json.loads(run("status", "--json"))["lag"].get("huanxin.touched.cases", {}).values()) == 0
    finally:
        run("down")


def chosen(home: Path) -> dict[str, Any]:
    """The settings that the other stack has made for itself."""
    from huanxin.settings import Secrets

    return {
        "home": home,
        **json.loads((home / "ports.json").read_text()),
        "secrets": Secrets(**json.loads((home / "secrets.json").read_text())),
    }


def until(check: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.1)
