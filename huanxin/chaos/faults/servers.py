"""Kafka and ClickHouse killed, down, read-only, full, or refusing the worker."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from huanxin.chaos.errors import UnprovenError
from huanxin.chaos.faults import fault
from huanxin.chaos.faults.workers import INSERT, rows
from huanxin.chaos.trial import Trial
from schemas.catalogue import event_types, table

NEARLY_FULL, LAST_BLOCKS = 2**26, 8_192
"""Bytes that a disk still has: fewer than ClickHouse keeps free (server.xml), and next to none."""


@fault("broker killed while producing")
def broker_producing(trial: Trial) -> None:
    """Kill -9 of the broker while messages are on their way to it."""
    before = len(trial.sent)
    with trial.load(3):
        trial.lab.until(lambda: len(trial.sent) > before, 30, "the first events acknowledged")
        acknowledged = len(trial.sent)
        _kill(trial, "kafka")
    trial.prove(f"{acknowledged - before} of {len(trial.sent) - before} were acknowledged when it was killed")
    if acknowledged == len(trial.sent):
        raise UnprovenError("everything was acknowledged before the broker was killed")


@fault("broker killed while consuming")
def broker_consuming(trial: Trial) -> None:
    """Kill -9 of the broker while the worker has chunks of it in hand."""
    gate = trial.lab.worker_clickhouse.up
    gate.close_at(INSERT)
    with trial.load(0):
        trial.proven(lambda: gate.caught, 30, "an insert under way")
    _kill(trial, "kafka")
    gate.open()


@fault("ClickHouse killed in mid-insert")
def clickhouse_killed(trial: Trial) -> None:
    """Kill -9 of ClickHouse while it has part of a block."""
    trial.reader.may_fail = True
    proxy = trial.lab.worker_clickhouse
    proxy.up.close_at(INSERT, after=trial.dice.randrange(1_200, 9_000))
    with trial.load(), retried(trial, "clickhouse"):
        trial.proven(lambda: proxy.up.held and proxy.up.waiting > 0, 30, "an insert held after its first bytes")
        _kill(trial, "clickhouse")
        proxy.cut()
        proxy.heal()


@fault("ClickHouse down")
def clickhouse_down(trial: Trial) -> None:
    """ClickHouse is stopped for a minute (some seconds in a quick run) while events come in."""
    trial.reader.may_fail = True
    seconds = 60 if trial.long else 4
    trial.lab.stop("clickhouse")
    with trial.load(), retried(trial, "clickhouse"):
        time.sleep(seconds)
        trial.prove(f"down for {seconds} s")
    trial.lab.run("clickhouse")
    trial.healed()
    trial.lab.until(lambda: rows(trial) == len(trial.sent), 60, "the worker takes it up again")


@fault("read-only user")
def read_only(trial: Trial) -> None:
    """The worker's user may only read."""
    user = '<password_sha256_hex from_env="HUANXIN_CLICKHOUSE_WORKER_SHA256"/>\n{0}<networks><ip>::/0</ip></networks>\n{0}'
    usual, reading = (f"{user}<profile>{profile}</profile>".format(" " * 12) for profile in ("default", "reader"))
    _access(trial, usual, reading, "readonly mode")


@fault("revoked grant")
def revoked(trial: Trial) -> None:
    """The worker's user may no longer insert into the landing tables."""
    _access(trial, "GRANT SELECT, INSERT ON landing.*", "GRANT SELECT ON landing.*", "Not enough privileges")


@fault("wrong password")
def wrong_password(trial: Trial) -> None:
    """ClickHouse knows another password for the worker's user."""
    name = "HUANXIN_CLICKHOUSE_WORKER_SHA256"
    _access(
        trial, f'<password_sha256_hex from_env="{name}"/>', f"<password_sha256_hex>{'0' * 64}</password_sha256_hex>", "retry"
    )


@fault("disk full")
def disk_full(trial: Trial) -> None:
    """Something fills ClickHouse's disk, within seconds, to its last block."""
    with trial.load(), disk_without_room(trial):
        pass
    trial.healed()


@fault("too many parts")
def too_many_parts(trial: Trial) -> None:
    """The tables hold more parts than they may, so that each insert is refused."""
    with trial.load(), parts_forbidden(trial):
        pass
    trial.healed()


@contextmanager
def retried(trial: Trial, what: str) -> Iterator[None]:
    """The worker must retry while the fault lasts, and nothing new is stored."""
    grew = trial.grew("huanxin_retries_total")
    yield
    trial.proven(grew, 60, f"{what}: retries {{:.0f}}")


def _kill(trial: Trial, name: str) -> None:
    pid = trial.lab.signal(name, signal.SIGKILL)
    trial.lab.until(lambda: trial.lab.pid(name) not in (pid, 0), 60, f"{name} is started again")
    trial.prove(f"{name} (pid {pid}) killed")
    trial.lab.until(lambda: trial.lab.answers(name), 60, f"{name} answers again")
    trial.healed()


def _access(trial: Trial, there: str, instead: str, said: str) -> None:
    """Start ClickHouse with an edited users file, see the worker refused, and put it back.

    A restart, because the local server reads the file at its start only.
    """
    text = trial.lab.users.read_text(encoding="utf-8")
    if there not in text:
        raise UnprovenError(f"the users file has no {there}")
    trial.reader.may_fail = True
    refused = trial.logged("worker-0", said)
    try:
        _restart(trial, text.replace(there, instead))
        with trial.load():
            trial.proven(refused, 60, f"the worker is refused: {said}")
    finally:
        _restart(trial, text)
    trial.healed()


def _restart(trial: Trial, users: str) -> None:
    trial.lab.stop("clickhouse")
    trial.lab.users.write_text(users, encoding="utf-8")
    trial.lab.run("clickhouse")


@contextmanager
def parts_forbidden(trial: Trial) -> Iterator[None]:
    """One part is one too many."""
    refused = trial.logged("worker-0", "Too many parts", "TOO_MANY_PARTS")
    _alter(trial, "MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 1")
    try:
        yield
        trial.proven(refused, 60, "inserts refused: too many parts")
    finally:
        _alter(trial, "RESET SETTING parts_to_throw_insert, parts_to_delay_insert")


@contextmanager
def disk_without_room(trial: Trial) -> Iterator[None]:
    """No room: a file takes all there is, or, where we may not mount, a floor is set that no disk reaches."""
    lab, said = trial.lab, trial.logged("worker-0", "No space left on device", "not enough space", "NOT_ENOUGH_SPACE")
    filler = lab.disk / "filler"
    if lab.small_disk:
        lab.until(lambda: _fill(filler, NEARLY_FULL), 10, "a file takes most of the disk")
        time.sleep(2)  # a disk does not fill in no time
        lab.until(lambda: _fill(filler, LAST_BLOCKS), 10, "a file takes the room of the disk")
    else:
        _alter(trial, f"MODIFY SETTING min_free_disk_bytes_to_perform_insert = {2**60}")
    try:
        yield
        trial.proven(said, 60, "ClickHouse says that its disk is full")
    finally:
        if lab.small_disk:
            filler.unlink()
        else:
            _alter(trial, "RESET SETTING min_free_disk_bytes_to_perform_insert")


def _fill(filler: Path, leave: int) -> bool:
    """Grow a file until so many bytes are left; False where ClickHouse took some of them or gave some back meanwhile."""
    with filler.open("ab") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), file.tell(), max(_free(filler) - leave, 1))
    return _free(filler) <= leave


def _free(path: Path) -> int:
    stat = os.statvfs(path)
    return stat.f_bavail * stat.f_frsize


def _alter(trial: Trial, change: str) -> None:
    for event_type in event_types():
        trial.lab.sql(f"ALTER TABLE landing.{table(event_type)} {change}")
