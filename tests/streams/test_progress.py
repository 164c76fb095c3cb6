"""Lag and age follow what was delivered and acknowledged, and go with a partition that is given up."""

import time

from faust.types import TP
from prometheus_client import REGISTRY

from streams.progress import Progress

HERE = TP("huanxin.progress.test", 3)


def shown(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"topic": HERE.topic, "partition": str(HERE.partition)})


def test_what_is_delivered_waits_until_it_is_acknowledged() -> None:
    progress = Progress()
    now = time.time()
    progress.delivered(HERE, 99, now - 30, 250)
    progress.delivered(HERE, 199, now - 5, 250)
    assert shown("huanxin_lag_messages") == 151
    assert 30 <= (shown("huanxin_oldest_unacknowledged_seconds") or 0) < 60
    progress.acknowledged(HERE, 100, 260)
    assert shown("huanxin_lag_messages") == 160
    assert 5 <= (shown("huanxin_oldest_unacknowledged_seconds") or 0) < 30
    assert 5 <= progress.behind_seconds({HERE.topic}) < 30
    assert progress.behind_seconds({"another"}) == 0
    progress.acknowledged(HERE, 200, 200)
    assert progress.behind_seconds({HERE.topic}) == 0
    assert shown("huanxin_lag_messages") == 0
    assert shown("huanxin_oldest_unacknowledged_seconds") == 0
    progress.forget([HERE])
    assert shown("huanxin_lag_messages") is None
