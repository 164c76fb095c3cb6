"""Two years of the county through files, gateway, Kafka, Faust and ClickHouse: the marts equal the answer key, to the fen."""

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from schemas.catalogue import event_types, table
from tests.conftest import Stack

pytestmark = pytest.mark.stack

Key = tuple[str, str]
Figures = tuple[int, int, Decimal, Decimal]


def recount(stack: Stack) -> dict[Key, Figures]:
    """Stream and month → events, pieces, kg, yuan, counted from truth.jsonl alone."""
    totals: defaultdict[Key, list[Any]] = defaultdict(lambda: [0, 0, Decimal(0), Decimal(0)])
    with (stack.county / "truth.jsonl").open(encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            total = totals[(event["type"], event["day"][:7])]
            total[0] += event["events"]
            total[1] += event["pieces"]
            total[2] += Decimal(event["net_kg"])
            total[3] += Decimal(event["amount_yuan"])
    return {key: tuple(total) for key, total in totals.items()}  # type: ignore[misc]


def test_daily_equals_the_truth_by_stream_and_month(stack: Stack) -> None:
    rows = stack.clickhouse(
        "SELECT stream, formatDateTime(day, '%Y-%m'), sum(events), sum(pieces), sum(net_kg), sum(amount_yuan) FROM mart.daily "
        "WHERE day BETWEEN '2023-01-01' AND '2024-12-31' GROUP BY 1, 2"
    )
    truth = recount(stack)
    assert sum(figures[0] for figures in truth.values()) >= 60_000
    assert {stream for stream, _ in truth} == set(event_types())
    assert {(stream, month): tuple(figures) for stream, month, *figures in rows} == truth


def test_every_event_is_in_the_ledger_once(stack: Stack) -> None:
    truth = sum(figures[0] for figures in recount(stack).values())
    query = (
        "SELECT outcome, count(), uniqExact(event) FROM landing.ledger FINAL WHERE received_at <= %(loaded)s GROUP BY outcome"
    )
    assert stack.clickhouse(query, {"loaded": stack.loaded_at}) == [("stored", truth, truth)]


def test_target_progress_follows_from_daily(stack: Stack) -> None:
    stack.refresh()
    progress = stack.clickhouse(
        "SELECT target, toFloat64(actual), toFloat64(baseline), ratio FROM mart.target_progress WHERE period = '2024-12'"
    )
    by_target = {target: (actual, baseline, ratio) for target, actual, baseline, ratio in progress}
    transfers = dict(
        stack.clickhouse("SELECT toYear(day), sum(pieces) FROM mart.daily WHERE stream = 'usedcar.transferred' GROUP BY 1")
    )
    actual, baseline, ratio = by_target["T5"]
    assert (actual, baseline) == (transfers[2024], transfers[2023])
    assert ratio == pytest.approx(actual / (baseline * 1.10), rel=1e-9)
    assert {"T1", "T2", "T3", "T4", "T5", "T6"} <= set(by_target)


def test_baselines_name_their_synthetic_source(stack: Stack) -> None:
    sources = stack.clickhouse("SELECT DISTINCT target, baseline_source FROM mart.target_progress WHERE baseline IS NOT NULL")
    assert sources
    assert all("演示数据" in source for _, source in sources)


def test_no_personal_value_lies_in_clickhouse(stack: Stack) -> None:
    """Values from the exports are searched in every text column of the landing tables: plain ones are nowhere."""
    line = next((stack.county / "shop.appliance").glob("*.jsonl")).read_text(encoding="utf-8").splitlines()[0]
    data = json.loads(line)["data"]
    plain = [data[name] for name in ("applicant_id", "account", "phone", "applicant") if data.get(name)]
    assert len(plain) >= 3
    for event_type in event_types():
        columns = [
            name
            for name, kind in stack.clickhouse(
                "SELECT name, type FROM system.columns WHERE database = 'landing' AND table = %(t)s AND default_kind = ''",
                {"t": table(event_type)},
            )
            if "String" in kind
        ]
        for value in plain:
            # A masked name may contain a short value by chance only if it equals it, so whole values are compared.
            matches = " OR ".join(f"toString({name}) = %(v)s" for name in columns)
            assert stack.clickhouse(f"SELECT count() FROM landing.{table(event_type)} WHERE {matches}", {"v": value}) == [(0,)]
