"""What sources do: send everything again, corrections in any order, with wrong clocks, with old and new and broken schemas."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from huanxin.chaos.errors import UnprovenError
from huanxin.chaos.faults import fault
from huanxin.chaos.faults.poison import send_raw
from huanxin.chaos.load import Event
from huanxin.chaos.trial import Trial
from huanxin.errors import RejectedError
from schemas.catalogue import event_types
from schemas.envelope import Envelope


@fault("source resends all")
def resend(trial: Trial) -> None:
    """Everything is sent again, in another order, and once more in the first order."""
    events = trial.events(trial.size)
    trial.publish(events)
    for again in (trial.dice.sample(events, len(events)), events):
        trial.publish(again)
    trial.prove(f"{len(trial.sent) - len(events)} messages were resends")
    trial.healed()


@fault("corrections permuted")
def corrections(trial: Trial) -> None:
    """Up to four revisions of each document and some voids, all shuffled, some of them twice."""
    trial.oracle.may_shrink = True
    everything = [event for number in trial.numbers(trial.size // 2) for event in _revisions(trial, number)]
    everything += trial.dice.sample(everything, len(everything) // 10)
    trial.dice.shuffle(everything)
    trial.publish(everything)
    voided = sum(event.voided for event in everything)
    late = _out_of_order(everything)
    trial.prove(f"{len(everything)} revisions, {voided} of them voids, {late} after a newer one")
    trial.healed()


@fault("clock a day off")
def clock(trial: Trial) -> None:
    """Sources' clocks are up to a day ahead or behind; further ahead is refused with a reason."""
    now = datetime.now(UTC)
    refused = 0
    sent: list[Event] = []
    for event in trial.events(trial.size * 5 // 4):
        hours = trial.dice.choice((-24, -23, 0, 23, 25))
        if hours == 25:
            refused += _refused(trial, now + timedelta(hours=hours))
        else:
            sent.append(_at(event, now + timedelta(hours=hours)))
    trial.publish(sent)
    if not refused:
        raise UnprovenError("no event was refused for its clock")
    trial.prove(f"times from a day ago to 23 hours ahead; {refused} events 25 hours ahead refused")
    trial.healed()


@fault("schemas old, new and broken mixed")
def schemas(trial: Trial) -> None:
    """Events without the fields of later versions, and broken ones: fields missing, unknown, of another type; wrong topics."""
    trial.publish([_old(event) for event in trial.events(trial.size // 4)])
    events = trial.events(trial.size // 4)
    broken = [_broken(trial, event) for event in trial.dice.sample(events, max(8, len(events) // 25))]
    with trial.load():
        send_raw(trial, broken, spread=0.05)
    trial.prove(f"{len(broken)} broken messages and {trial.size // 4} of an older form among {trial.size}")
    trial.healed()


def _revisions(trial: Trial, number: int) -> list[Event]:
    last = trial.dice.randrange(1, 5)
    voided = trial.dice.random() < 0.1
    return [trial.event(number, revision, voided and revision == last) for revision in range(1, last + 1)]


def _out_of_order(events: list[Event]) -> int:
    newest: dict[bytes, int] = {}
    late = 0
    for event in events:
        key, revision = event.prepared.key, event.prepared.event_id.revision
        late += newest.get(key, 0) > revision
        newest[key] = max(newest.get(key, 0), revision)
    return late


def _old(event: Event) -> Event:
    """The event as it was before the optional fields came."""
    document = json.loads(event.prepared.value)
    model = event_types()[event.prepared.event_type]
    needed = {name for name, field in model.model_fields.items() if field.is_required()} | {"status"}
    document["data"] = {name: value for name, value in document["data"].items() if name in needed}
    value = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return replace(event, prepared=event.prepared._replace(value=value))


def _at(event: Event, time: datetime) -> Event:
    document = json.loads(event.prepared.value)
    document["time"] = time.isoformat()
    made = event.prepared
    value = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return replace(event, prepared=made._replace(value=value))


def _refused(trial: Trial, time: datetime) -> int:
    envelope = trial.forge.envelope("recycling.weighed", trial.days[0], "CLOCK") | {"time": time.isoformat()}
    try:
        trial.forge.preparer.prepare(Envelope.model_validate(envelope))
    except RejectedError as error:
        return int(error.reason == "time_in_future")
    return 0


def _broken(trial: Trial, event: Event) -> tuple[str, bytes, bytes | None]:
    """A message that no schema allows: topic, key, value."""
    document = json.loads(event.prepared.value)
    how = trial.dice.randrange(4)
    if how == 0:
        del document["data"]["town"]
    elif how == 1:
        document["data"]["field_of_tomorrow"] = 1
    elif how == 2:
        document["data"]["amount_yuan"] = {"fen": 1}
    else:
        document["type"] = "newcar.registered"
    return event.prepared.topic, event.prepared.key, json.dumps(document, ensure_ascii=False).encode()
