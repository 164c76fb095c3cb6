"""What happens to Kafka's log itself: read again from the start, more partitions, deleted, or gone before it was read."""

from huanxin.chaos.faults import fault
from huanxin.chaos.topics import EVENT_TOPICS, end_offsets, rewind
from huanxin.chaos.trial import Trial
from huanxin.stack.status import lag
from streams.topics import ensure_topics

GROWN = 12


@fault("full rewind", order=10)
def full_rewind(trial: Trial) -> None:
    """The group's offsets are set to the start of every topic: everything there ever was is delivered again."""
    with trial.load(1):
        pass
    trial.lab.until(lambda: not _lag(trial), 90, "everything landed once")
    trial.lab.stop("worker-0")
    rewind(trial.lab)
    again = _lag(trial)
    trial.prove(f"offsets set to the start: {again} messages again")
    trial.lab.run("worker-0")
    trial.healed()
    trial.lab.until(lambda: not _lag(trial), 180, "everything landed again")


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
    trial.oracle.may_shrink = True
    trial.publish([trial.event(number, revision=2) for number in numbers])
    used = sum(end > 0 for end in end_offsets(trial.lab).values())
    trial.prove(f"{before} partitions became {after}; {used} of them hold events")
    trial.healed()


def _lag(trial: Trial) -> int:
    return sum(sum(partitions.values()) for partitions in lag(trial.lab.settings).values())
