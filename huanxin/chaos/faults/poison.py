"""Messages that can never be landed, messages at the size limit, and a dead-letter topic that refuses them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from kafka import KafkaProducer
from kafka.errors import KafkaError

from huanxin.chaos.alarms import clear_alarms, open_alarms
from huanxin.chaos.errors import UnprovenError
from huanxin.chaos.faults import fault
from huanxin.chaos.load import Event
from huanxin.chaos.topics import configure, letters
from huanxin.chaos.trial import Trial
from huanxin.stack.status import left
from schemas.catalogue import dead_letter_topic, topic
from streams.topics import DEAD_LETTER_CONFIG, MAX_MESSAGE_BYTES

TYPE = "recycling.weighed"
BATCH_OVERHEAD = 88
"""Bytes of a batch of one record with a 16-byte key and a value of 1 MB, besides the value."""
Raw = tuple[str, bytes, bytes | None]
"""Topic, key, value."""


@fault("poison among good events")
def poison(trial: Trial) -> None:
    """Bad UTF-8, bad JSON, null, NaN and overflowing numbers, nested and empty values between good events."""
    rubbish = [_rubbish(trial) for _ in range(max(10, trial.size // 100))]
    with trial.load():
        send_raw(trial, rubbish, spread=0.02)
    trial.prove(f"{len(rubbish)} unreadable messages among {trial.size}")
    trial.healed()


@fault("dead-letter topic refuses")
def refused(trial: Trial) -> None:
    """The dead-letter topic takes no message: the worker keeps its chunk and tries again until it does."""
    with trial.load(), dead_letters_refused(trial):
        pass
    trial.healed()


@contextmanager
def dead_letters_refused(trial: Trial) -> Iterator[None]:
    """No message fits the dead-letter topic, and some want to go there."""
    grew = trial.grew("huanxin_retries_total", stage="send")
    configure(trial.lab, dead_letter_topic(TYPE), max_message_bytes="1")
    try:
        send_raw(trial, [_rubbish(trial, TYPE) for _ in range(5)])
        yield
        trial.proven(grew, 60, "sends to the dead-letter topic refused {:.0f} times")
    finally:
        configure(trial.lab, dead_letter_topic(TYPE), max_message_bytes=DEAD_LETTER_CONFIG["max.message.bytes"])


@fault("a batch all bad")
def all_bad(trial: Trial) -> None:
    """Hundreds of unreadable messages in a row in a partition: it stops loudly and goes on when a person decides so."""
    raised, said = trial.grew("huanxin_alarms_total"), trial.logged("worker-0", "event=alarm")
    before, bad = letters(trial.lab), 1_500 if trial.long else 900
    key = trial.dice.randbytes(16)
    send_raw(trial, [(topic(TYPE), key, trial.dice.randbytes(50)) for _ in range(bad)])
    with trial.load():
        trial.proven(raised, 60, "{:.0f} alarms counted")
        trial.proven(said, 10, "and logged")
        named = trial.proven(lambda: open_alarms(trial.lab), 10, "and shown by status")
        eaten = letters(trial.lab) - before
        if eaten == bad or not all(alarm.startswith("dead_letters/") for alarm in named):
            raise UnprovenError(f"{eaten} of {bad} bad messages went through; alarms: {named}")
        paid = "SELECT count() FROM landing.subsidy_paid FINAL WHERE day IN %(days)s"
        payouts = trial.lab.until(lambda: trial.lab.sql(paid, {"days": trial.days})[0][0], 60, "payouts landed meanwhile")
        trial.prove(
            f"{payouts} payouts landed meanwhile; {eaten} of {bad} bad messages became dead letters before a person decided"
        )
    trial.healed()
    trial.lab.until(lambda: clear_alarms(trial.lab) or left(trial.lab.settings) == 0, 90, "the partitions go on once cleared")


@fault("messages at the size limit")
def sizes(trial: Trial) -> None:
    """Valid events padded to 1 MB − 1 byte, 1 MB, 1 MB + 1 byte and 10 MB: Kafka takes them whole or refuses them."""
    near = MAX_MESSAGE_BYTES - BATCH_OVERHEAD  # the limit is on a batch, which holds one such message
    wanted = (near - 1, near, near + 1, MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES + 1, 10 * 2**20)
    with trial.load():
        taken = [size for size in wanted if _send_padded(trial, trial.events(1)[0], size)]
    refused = len(wanted) - len(taken)
    if not (taken and refused):
        raise UnprovenError(f"{taken} taken, {refused} refused: both sides of the limit must be met")
    trial.prove(f"values of {taken} bytes taken, {refused} larger ones refused by Kafka")
    trial.healed()


def send_raw(trial: Trial, messages: Sequence[Raw], spread: float = 0.0) -> None:
    """Send what no publisher would, around the publisher; each is a dead letter that the oracle expects."""
    producer = KafkaProducer(bootstrap_servers=trial.lab.settings.kafka_bootstrap, acks="all")
    try:
        under_way = []
        for name, key, value in messages:
            time.sleep(spread)
            under_way.append(producer.send(name, key=key, value=value))
        for future in under_way:
            held = future.get(30)
            trial.oracle.letters.add((held.topic, held.partition, held.offset))
            trial.messages += 1
    finally:
        producer.close()


def _rubbish(trial: Trial, event_type: str = "") -> Raw:
    (event,) = trial.events(1)
    good = event.prepared.value
    amount = f'"amount_yuan":"{event.fen // 100}.{event.fen % 100:02d}"'.encode()
    values: list[bytes | None] = [
        good.replace(b"CHAOS", b"\xff\xfe\xfaAOS"),
        good[:-1],
        good + b"}",
        good + b"," + good,
        None,
        b"",
        b"null",
        b"[" * 5_000,
        good.replace(amount, b'"amount_yuan":NaN'),
        good.replace(amount, b'"amount_yuan":"Infinity"'),
        good.replace(amount, b'"amount_yuan":1e400'),
        good.replace(amount, b'"amount_yuan":"' + b"9" * 40 + b'"'),
        trial.dice.randbytes(200),
    ]
    return topic(event_type or event.prepared.event_type), event.prepared.key, trial.dice.choice(values)


def _send_padded(trial: Trial, event: Event, size: int) -> bool:
    """Send one event padded with blanks; whether Kafka took it."""
    made = event.prepared
    value = made.value[:-1] + b" " * (size - len(made.value)) + b"}"
    producer = KafkaProducer(bootstrap_servers=trial.lab.settings.kafka_bootstrap, acks="all", max_request_size=2**24)
    padded = replace(event, prepared=made._replace(value=value))
    trial.oracle.attempt([padded])
    try:
        producer.send(topic(made.event_type), key=made.key, value=value).get(60)
    except KafkaError:
        return False
    finally:
        producer.close()
    trial.oracle.accept([padded])
    trial.sent.append(padded)
    trial.messages += 1
    return True
