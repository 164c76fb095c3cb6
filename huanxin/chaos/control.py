"""The negative control: a planted loss and a planted double, which the comparison must catch."""

from collections import Counter

from huanxin.chaos.find import found_rows
from huanxin.chaos.lab import Lab
from huanxin.chaos.oracle import State, compare
from huanxin.chaos.trial import Trial
from warehouse.client import connection

SOURCE, SCRATCH, TYPE = "landing.recycling_weighed", "landing.chaos_scratch", "recycling.weighed"


def negative_control(lab: Lab, trial: Trial) -> list[str]:
    """What the comparison failed to catch; empty is right.

    The loss: an id in the oracle's file that was never sent. The double: in a copy of the landing table, a row of the trial
    inserted again under another key.
    """
    phantom = (TYPE, trial.days[0], "00" * 16, 1)
    whole = trial.oracle.expected()
    expected = State(Counter({row: times for row, times in whole.rows.items() if row[0] == TYPE}))
    for statement in (
        f"CREATE TABLE {SCRATCH} AS {SOURCE}",
        f"INSERT INTO {SCRATCH} SELECT * FROM {SOURCE} FINAL WHERE day IN %(days)s",
    ):
        lab.sql(statement, {"days": trial.days})
    try:
        problems = _caught(lab, trial, expected, "nothing", (0, 0))
        expected.rows[phantom] = 1
        problems += _caught(lab, trial, expected, "the planted loss", (1, 0))
        del expected.rows[phantom]
        double = f"SELECT * REPLACE (reverse(id)::FixedString(16) AS id) FROM {SOURCE} FINAL WHERE day IN %(days)s LIMIT 1"
        lab.sql(f"INSERT INTO {SCRATCH} {double}", {"days": trial.days})
        return problems + _caught(lab, trial, expected, "the planted double", (0, 1))
    finally:
        lab.sql(f"DROP TABLE {SCRATCH} SYNC")


def _caught(lab: Lab, trial: Trial, expected: State, planted: str, wanted: tuple[int, int]) -> list[str]:
    with connection(lab.settings, "admin") as client:
        rows = found_rows(client, TYPE, trial.days, SCRATCH)
    differences = compare(expected, State(rows))
    if (differences.lost, differences.doubled) == wanted:
        return []
    return [
        f"negative control: with {planted} planted, the comparison says lost {differences.lost}, doubled {differences.doubled}"
    ]
