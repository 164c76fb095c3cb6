"""Whatever order documents arrive in, the same findings are open in the end: a short version of `huanxin rules permute`."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from clickhouse_driver import Client

from huanxin.score.answers import read_answers
from huanxin.score.command import current_findings
from huanxin.score.compare import compare
from huanxin.score.landing import collect, land, shuffled
from huanxin.score.permutation import arrive, empty, open_findings
from huanxin.score.scratch import scratch_warehouse
from huanxin.settings import Settings
from huanxin.simulator import Options, simulate
from huanxin.simulator.anomalies import anomalies
from huanxin.simulator.losses import losses
from schemas.identity import Identifier
from warehouse.client import connection
from warehouse.rulebook import rulebook
from warehouse.supervise import run_all

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planted")
    options = Options(11, date(2023, 1, 1), date(2024, 12, 31), 0.01, out)
    simulate(options, [anomalies(options)])
    return out


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty")
    options = Options(11, date(2023, 1, 1), date(2024, 12, 31), 0.01, out, dirty=True)
    simulate(options, [losses(options), anomalies(options)])
    return out


@pytest.fixture(scope="module")
def own() -> Iterator[Settings]:
    with scratch_warehouse(Settings(), lambda what: None) as settings:
        yield settings


@pytest.fixture
def client(own: Settings) -> Iterator[Client]:
    with connection(own, "admin") as client:
        empty(client)
        yield client


def test_every_rule_finds_what_was_planted_and_nothing_else(folder: Path, own: Settings, client: Client) -> None:
    land(own, client, collect(own, folder))
    run_all(client)
    answers = read_answers(folder, Identifier(bytes.fromhex(own.secrets.pseudonym_key)))
    score = compare(answers, current_findings(client), list(rulebook()))
    assert score.misses == []
    assert score.worst() == (1.0, 1.0)


def test_dirt_that_is_mended_hides_nothing_and_what_is_not_is_asked_about(dirty: Path, own: Settings, client: Client) -> None:
    land(own, client, collect(own, dirty))
    run_all(client)
    answers = read_answers(dirty, Identifier(bytes.fromhex(own.secrets.pseudonym_key)))
    score = compare(answers, current_findings(client), list(rulebook()))
    assert min(score.worst()) >= 0.99, score.misses


def test_two_orders_of_arrival_end_with_the_same_findings(folder: Path, own: Settings, client: Client) -> None:
    events = collect(own, folder)
    land(own, client, events)
    run_all(client)
    expected = open_findings(client)
    assert expected
    for seed in (1, 2):
        found, by_timer = arrive(own, client, shuffled(events, seed), 6_000)
        assert found == expected
        assert set(by_timer) <= {*(rule.id for rule in rulebook().values() if rule.timer_only), "A28"}
