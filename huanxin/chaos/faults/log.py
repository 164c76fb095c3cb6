"""What happens to Kafka's log itself: read again from the start, more partitions, deleted, or gone before it was read."""

from kafka import TopicPartition

from huanxin.chaos.alarms import clear_alarms, open_alarms
from huanxin.chaos.errors import UnprovenError
from huanxin.chaos.faults import fault
from huanxin.chaos.topics import EVENT_TOPICS, begin_offsets, committed, configure, end_offsets, partitions, rewind
from huanxin.chaos.trial import Trial
from huanxin.stack.status import left
from ingest.publisher import KafkaPublisher
from streams.topics import EVENT_CONFIG, ensure_topics

GROWN = 12


@fault("full rewind", order=10)
def full_rewind(trial: Trial) -> None:
    """The group's offsets are set to the start of every topic: everything there ever was is delivered again."""
    with trial.load(1):
        pass
    trial.lab.until(lambda: left(trial.lab.settings) == 0, 90, "everything landed once")
    trial.lab.stop("worker-0")
    trial.proven(lambda: rewind(trial.lab), 60, "offsets set to the start: {} messages come again")
    trial.lab.run("worker-0")
    trial.healed()
    trial.lab.until(lambda: left(trial.lab.settings) == 0, 180, "everything landed again")


@fault("partitions 3 to 12, live", order=80)
def grown(trial: Trial) -> None:
    """Topics get more partitions under load; corrections of earlier events lie in other partitions than those."""
    before = len(end_offsets(trial.lab))
    numbers = trial.numbers(trial.size // 4)
    trial.publish([trial.event(number) for number in numbers])
    current = before // len(EVENT_TOPICS)
    wanted = GROWN if current < GROWN else current + 1
    with trial.load():
        ensure_topics(trial.lab.settings.model_copy(update={"partitions": wanted}))
    after = len(end_offsets(trial.lab))
    trial.publisher = KafkaPublisher(trial.lab.producer_bootstrap)  # a producer that knows the new partitions
    trial.oracle.may_shrink = True
    trial.publish([trial.event(number, revision=2) for number in numbers])
    used = sum(end > 0 for end in end_offsets(trial.lab).values())
    if used <= before:
        raise UnprovenError(f"{before} partitions became {after}, and only {used} hold events")
    trial.prove(f"{before} partitions became {after}; {used} of them hold events")
    trial.healed()


@fault("retention passes the committed offset", order=85)
def retention(trial: Trial) -> None:
    """Kafka deletes events before a worker has read them: a loud alarm, and the sources send again."""
    name = EVENT_TOPICS[0]
    # What a stopped worker had not committed comes again, and so would the gap of the strike before, under its cleared alarm.
    trial.lab.until(lambda: left(trial.lab.settings) == 0, 90, "everything landed")
    trial.lab.stop("worker-0")
    events = trial.events(trial.size)
    trial.publish(events)
    behind = committed(trial.lab)
    configure(trial.lab, name, retention_ms="1")
    try:
        trial.proven(lambda: _passed(trial, name, behind), 60, "{} events were gone before they were read")
    finally:
        configure(trial.lab, name, retention_ms=EVENT_CONFIG["retention.ms"])
    said = trial.logged("worker-0", "kind=offsets_lost")
    trial.publish(trial.events(200))  # what comes after shows the gap
    trial.lab.run("worker-0")
    trial.proven(said, 60, "an alarm logged")
    trial.proven(lambda: trial.metric("huanxin_alarms_total", kind="offsets_lost"), 10, "{:.0f} alarms counted")
    trial.proven(lambda: open_alarms(trial.lab), 10, "status unhealthy: {}")
    trial.publish(events)
    trial.healed()
    clear_alarms(trial.lab)


@fault("topic deleted and made anew", order=90)
def recreated(trial: Trial) -> None:
    """A topic is deleted and made anew while its source goes on sending: its offsets begin again."""
    name, count = EVENT_TOPICS[0], len(partitions(trial.lab, EVENT_TOPICS[0]))
    numbers = trial.numbers(trial.size // 2)
    trial.publish([trial.event(number) for number in numbers])
    trial.lab.until(lambda: left(trial.lab.settings) == 0, 90, "everything landed")
    before = _end(trial, name)
    with trial.lab.admin() as admin:
        admin.delete_topics([name])
        trial.lab.until(lambda: name not in admin.list_topics(), 30, "the topic is gone")
    with trial.load(1):
        ensure_topics(trial.lab.settings.model_copy(update={"partitions": count}))
    trial.oracle.may_shrink = True
    trial.publish([trial.event(number, revision=2) for number in numbers if number % 5 == 0])
    trial.prove(f"the topic ended at {before}, was deleted and made anew, and ends at {_end(trial, name)}")
    trial.healed()


def _passed(trial: Trial, name: str, behind: dict[TopicPartition, int]) -> int:
    begins = begin_offsets(trial.lab, name)
    return sum(max(0, begin - behind.get(tp, 0)) for tp, begin in begins.items())


def _end(trial: Trial, name: str) -> int:
    return sum(end_offsets(trial.lab, name).values())
