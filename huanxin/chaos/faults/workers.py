"""Workers killed at each step of a chunk, stopped past the session timeout, added and removed."""

import signal
import time
from functools import partial

from huanxin.chaos.faults import fault
from huanxin.chaos.lab import WORKERS
from huanxin.chaos.topics import committed, members
from huanxin.chaos.trial import Trial

ALL = {f"worker-{index}" for index in range(WORKERS)}
INSERT = b"INSERT INTO landing.recycling_weighed"


@fault("worker killed before insert")
def before_insert(trial: Trial) -> None:
    """Kill -9 while the insert has not reached ClickHouse."""
    gate = trial.lab.worker_clickhouse.up
    gate.close_at(INSERT)
    with trial.load():
        trial.proven(lambda: gate.caught, 30, "insert held before it reached ClickHouse")
        _kill_and_heal(trial)


@fault("worker killed during insert")
def during_insert(trial: Trial) -> None:
    """Kill -9 while part of the block has reached ClickHouse."""
    gate = trial.lab.worker_clickhouse.up
    gate.close_at(INSERT, after=trial.dice.randrange(1_200, 9_000))
    with trial.load():
        trial.proven(lambda: gate.held and gate.waiting > 0, 30, "insert held after its first bytes")
        _kill_and_heal(trial)


@fault("worker killed after insert")
def after_insert(trial: Trial) -> None:
    """Kill -9 once the block is stored and ClickHouse's answer has not come back."""
    proxy = trial.lab.worker_clickhouse
    proxy.up.close_at(INSERT, after=6_000)  # past the statement, whose answer the worker awaits before it sends the block
    with trial.load():
        trial.proven(lambda: proxy.up.held and proxy.up.waiting > 0, 30, "insert held in its block")
        before = rows(trial)
        proxy.down.close()
        proxy.up.open()
        trial.proven(lambda: rows(trial) > before, 30, "rows stored, ClickHouse's answer held")
        _kill_and_heal(trial)


@fault("worker killed before commit")
def before_commit(trial: Trial) -> None:
    """Kill -9 once chunks are stored and nothing of them can be committed."""
    proxy, before = trial.lab.worker_kafka, sum(committed(trial.lab).values())
    with trial.load():
        trial.lab.until(lambda: rows(trial) > 0, 60, "the first rows stored")
        proxy.up.close()
        trial.proven(
            lambda: max(0, rows(trial) - sum(committed(trial.lab).values()) + before), 30, "{} rows stored and not committed"
        )
        _kill_and_heal(trial)


@fault("worker stopped past its session")
def stopped(trial: Trial) -> None:
    """SIGSTOP past the session timeout; the successor finishes; then SIGCONT."""
    lab = trial.lab
    lab.run("worker-1")
    lab.until(lambda: members(lab) == 2, 60, "both workers hold partitions")
    with trial.load():
        lab.until(lambda: rows(trial) > 0, 60, "the first rows stored")
        pid = lab.signal("worker-0", signal.SIGSTOP)
    try:
        trial.proven(
            lambda: members(lab) == 1, 60, f"worker-0 (pid {pid}) stopped; the broker gave its partitions to the other"
        )
        trial.healed()
        lab.until(lambda: rows(trial) == len(trial.sent), 60, "the successor lands everything")
        trial.prove("the successor landed everything")
    finally:
        lab.signal("worker-0", signal.SIGCONT)
    lab.until(lambda: members(lab) == 2, 60, "worker-0 holds partitions again")


@fault("worker added or removed")
def scaled(trial: Trial) -> None:
    """Workers come and go under load, each time by a clean start or a clean stop."""
    lab, running, changes = trial.lab, {"worker-0"}, 3 if trial.long else 2
    trial.injections += changes - 1
    with trial.load(8):
        for _ in range(changes):
            name = trial.dice.choice(sorted(ALL - running)) if len(running) < 2 else trial.dice.choice(sorted(ALL))
            if name in running:
                lab.stop(name)
            else:
                lab.run(name)
            running ^= {name}
            added, wanted = name in running, len(running)
            trial.proven(partial(_are, trial, wanted), 60, f"{name} {'added' if added else 'removed'}")
    trial.healed()


def _are(trial: Trial, count: int) -> bool:
    return members(trial.lab) == count


def _kill_and_heal(trial: Trial) -> None:
    time.sleep(trial.dice.uniform(0.0, 2.0))  # what is acknowledged too early has time to be committed
    pid = trial.lab.signal("worker-0", signal.SIGKILL)
    trial.lab.worker_kafka.cut()
    trial.lab.worker_clickhouse.cut()
    for proxy in trial.lab.proxies:
        proxy.heal()
    trial.healed()
    trial.lab.until(lambda: trial.lab.pid("worker-0") not in (pid, 0), 30, "the supervisor starts the killed worker again")
    trial.prove(f"pid {pid} killed")


def rows(trial: Trial) -> int:
    """Distinct weighings and payouts stored of the trial's days."""
    query = "SELECT uniqExact(day, id, revision) FROM landing.{} WHERE day IN %(days)s"
    tables = ("recycling_weighed", "subsidy_paid")
    return sum(int(trial.lab.sql(query.format(table), {"days": trial.days})[0][0]) for table in tables)
