"""Dead letters from the command line: seen, replayed after a fix with no second effect, set aside; every act audited."""

import json
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from benchmarks.latency import weighing
from huanxin import dead_letters
from ingest.accept import RecentlySeen
from ingest.build import build_intake
from ingest.prepare import Prepared
from schemas.envelope import Envelope
from schemas.seal import Seal
from tests.conftest import Stack
from warehouse.client import connection
from warehouse.store import insert_dead_letters

pytestmark = pytest.mark.stack
DAY = date(2018, 4, 1)
TOPIC = "huanxin.recycling.weighed"


@pytest.fixture
def run(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(dead_letters, "settings", lambda: stack.settings)

    def call(*words: str) -> str:
        result = CliRunner().invoke(dead_letters.app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def refuse(stack: Stack, offset: int, payload: bytes, reason: str) -> str:
    """A dead letter as the worker of another day would have made it; returns its place."""
    letter = f"{TOPIC}/0/{offset}"
    sealed = Seal(bytes.fromhex(stack.settings.secrets.seal_key)).seal(payload, letter)
    row = (
        TOPIC,
        0,
        offset,
        "recycling.weighed",
        "recycler.weighbridge",
        "",
        "data",
        reason,
        "data.category",
        "no",
        datetime.now(UTC),
    )
    with connection(stack.settings, "admin") as client:
        insert_dead_letters(client, [(*row, sealed)])
    return letter


def prepared(stack: Stack, ticket: str) -> Prepared:
    intake = build_intake(stack.settings, RecentlySeen())
    try:
        return intake.preparer.prepare(Envelope.model_validate(weighing(DAY, ticket)))
    finally:
        intake.publisher.close()


def events(stack: Stack) -> int:
    query = "SELECT sum(events) FROM mart.daily WHERE stream = 'recycling.weighed' AND day = %(day)s"
    return int(stack.clickhouse(query, {"day": DAY})[0][0])


def test_replay_after_a_fix_lands_once(stack: Stack, run: Any) -> None:
    letter = refuse(stack, 9_000_000_001, prepared(stack, "DEAD-1").value, "model_of_yesterday")
    assert letter in run("list", "--reason", "model_of_yesterday", "--json")
    assert "1 would be sent" in run("replay", "--reason", "model_of_yesterday", "--dry-run")
    assert events(stack) == 0
    assert "1 sent, 0 still not valid" in run("replay", "--reason", "model_of_yesterday")
    assert "0 open dead letters" in run("replay", "--reason", "model_of_yesterday")
    run("replay", letter)  # by its place, whatever its state: the effect is the same
    stack.wait_until_landed()
    deadline = time.monotonic() + 30
    while events(stack) != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert json.loads(run("show", letter))["state"] == "replayed"
    acts = stack.clickhouse("SELECT action, outcome FROM ops.audit WHERE object = %(o)s", {"o": letter})
    assert acts == [("dead_letter.replay", "done")] * 2


def test_what_is_still_wrong_is_not_sent_and_can_be_discarded(stack: Stack, run: Any) -> None:
    letter = refuse(stack, 9_000_000_002, b'{"secret": "140599"}', "never_valid")
    assert "0 sent, 1 still not valid" in run("replay", "--reason", "never_valid")
    assert "140599" not in run("show", letter)
    assert "140599" in json.loads(run("show", letter, "--payload"))["payload"]
    assert "would be discarded" in run("discard", "--why", "test", "--reason", "never_valid", "--dry-run")
    run("discard", "--why", "the source has sent it again", "--reason", "never_valid")
    assert json.loads(run("show", letter))["state"] == "discarded"
    (counted,) = json.loads(run("list", "--summary", "--state", "", "--reason", "never_valid", "--json"))
    assert (counted["state"], counted["letters"]) == ("discarded", 1)
    acts = stack.clickhouse("SELECT action, detail FROM ops.audit WHERE object = %(o)s ORDER BY at", {"o": letter})
    assert acts == [("dead_letter.open", ""), ("dead_letter.discard", "the source has sent it again")]
