"""`huanxin rules beforehand DIR`: asks about every payment before it is made, and compares with what is found afterwards.

Documents arrive in the order in which they were reported. Before some days' payments are made they are asked about together, as
a batch file is (`POST /v1/payouts/check` answers by the same code); when all has arrived, every rule judges all. An answer must
be the later finding's wherever nothing of the case came after the question.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from clickhouse_driver import Client

from huanxin.errors import RejectedError
from huanxin.score.answers import Case
from huanxin.settings import Settings, settings
from schemas.identity import Identifier
from warehouse.client import connection
from warehouse.relations import definitions
from warehouse.rulebook import rulebook
from warehouse.supervise import run_all

if TYPE_CHECKING:
    from ingest.prepare import Prepared
    from warehouse.precheck import Check

PAYMENT = "subsidy.paid"
MOST = 500


class Arrival(NamedTuple):
    """A document on its way into the warehouse."""

    event: "Prepared"
    reported: str
    source: str
    data: dict[str, Any]

    @property
    def document(self) -> tuple[str, date, bytes]:
        """What its revisions have in common."""
        return self.event.event_type, self.event.event_id.day, self.event.event_id.document

    @property
    def is_payment(self) -> bool:
        """Money about to leave: not taken back, and not a correction of what had left."""
        first = self.event.event_id.revision == 1 and self.data.get("status") == "registered"
        return first and self.event.event_type == PAYMENT and self.data["payout_kind"] != "refund"


@dataclass(slots=True)
class Outcome:
    """What became of the questions."""

    payments: int = 0
    refused: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    """By rule: the check named the case, and so does the finding."""
    later: Counter[str] = field(default_factory=Counter)
    """By rule: they differ, and something of the case came after the question."""
    differing: list[str] = field(default_factory=list)
    """They differ, and nothing came after."""

    def __str__(self) -> str:
        later = ", ".join(f"{rule} {count}" for rule, count in sorted(self.later.items())) or "none"
        return (
            f"{self.payments} payments asked about ({self.refused} refused), {sum(self.agreed.values())} answers of "
            f"{len(self.agreed)} rules are the later findings, {len(self.differing)} are not although nothing came after; "
            f"evidence came after the question: {later}"
        )


def beforehand(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Made by huanxin simulate --anomalies.")],
    days: Annotated[int, typer.Option(min=1, help="Payments of so many days are asked about together.")] = 1,
) -> None:
    """Ask about every payment as of before it was made; exits 1 where an answer is not what is found afterwards."""
    from huanxin.score.landing import collect
    from huanxin.score.scratch import scratch_warehouse

    begun = time.monotonic()
    with scratch_warehouse(settings(), lambda what: typer.echo(what, err=True)) as own, connection(own, "admin") as client:
        outcome = ask_all(own, client, collect(own, folder), days)
    for line in outcome.differing:
        typer.echo(line)
    typer.echo(f"{outcome}; {time.monotonic() - begun:.0f} s")
    raise typer.Exit(1 if outcome.differing else 0)


def ask_all(own: Settings, client: Client, events: "Sequence[Prepared]", days: int) -> Outcome:
    """Let everything arrive, ask before each payment, judge all in the end, compare."""
    from huanxin.score.landing import land

    said: dict[tuple[date, bytes], tuple[int, dict[Case, str]]] = {}
    last: dict[tuple[str, date, bytes], int] = {}
    outcome = Outcome()
    for step, (before, asked, after) in enumerate(_questions(events, days)):
        land(own, client, [arrival.event for arrival in before])
        for arrival, answer in zip(asked, _answers(own, client, asked), strict=True):
            outcome.payments += 1
            if answer is None:
                outcome.refused += 1
            else:
                said[arrival.event.event_id.day, arrival.event.event_id.document] = step, answer
        land(own, client, [arrival.event for arrival in (*asked, *after)])
        last |= {arrival.document: step for arrival in before}
        # Whether the bank took the money is only known when it had left.
        last |= {arrival.document: step + (arrival.data["pay_result"] != "成功") for arrival in asked}
        last |= {arrival.document: step + 1 for arrival in after}
    run_all(client)
    _compare(client, said, last, outcome)
    return outcome


_Question = tuple[list[Arrival], list[Arrival], list[Arrival]]
"""What arrives before the question, the payments asked about, and what arrives of their own documents soon after."""


def _questions(events: "Sequence[Prepared]", days: int) -> Iterator[_Question]:
    """In the order of reporting: each period's payments by source, in batches, with everything else up to the period's end."""
    arrivals = []
    for event in events:
        sent = json.loads(event.value)
        arrivals.append(Arrival(event, sent["reportedat"], sent["source"], sent["data"]))
    arrivals.sort(key=lambda arrival: (arrival.reported, arrival.event.event_id.revision))
    before: list[Arrival] = []
    corrected: set[tuple[str, date, bytes]] = set()
    for _, period in groupby(arrivals, key=lambda arrival: date.fromisoformat(arrival.reported[:10]).toordinal() // days):
        found = list(period)
        # A payment reported so late that its correction came first is no question any more.
        payments = [arrival for arrival in found if arrival.is_payment and arrival.document not in corrected]
        corrected |= {arrival.document for arrival in found if arrival.event.event_id.revision > 1}
        asked = {arrival.document for arrival in payments}
        revisions = [arrival for arrival in found if arrival.document in asked and not arrival.is_payment]
        before += [arrival for arrival in found if arrival.document not in asked]
        for source in sorted({payment.source for payment in payments}):
            of = [payment for payment in payments if payment.source == source]
            for start in range(0, len(of), MOST):
                yield before, of[start : start + MOST], []
                before = []
        yield [], [], revisions
    yield before, [], []


def _answers(own: Settings, client: Client, payments: Sequence[Arrival]) -> list[dict[Case, str] | None]:
    """Of each payment the cases that a rule asks about, with the finding's status; None where the document is refused."""
    from ingest.precheck import Checker
    from ingest.sources import sources

    if not payments:
        return []
    checker = Checker(Identifier(bytes.fromhex(own.secrets.pseudonym_key)))
    found = checker.check(client, sources()[payments[0].source], [payment.data for payment in payments])
    return [None if isinstance(check, RejectedError) else _said(check) for check in found]


def _said(check: "Check") -> dict[Case, str]:
    return {(reason.rule, reason.case_key): "open" if reason.judged else "not_judged" for reason in check.reasons}


def _compare(
    client: Client,
    said: dict[tuple[date, bytes], tuple[int, dict[Case, str]]],
    last: dict[tuple[str, date, bytes], int],
    outcome: Outcome,
) -> None:
    timer_only = [rule.id for rule in rulebook().values() if rule.timer_only]
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for rule, case, status in client.execute("SELECT rule, case_key, status FROM mart.finding WHERE status != 'closed'"):
        if rule not in timer_only:
            found[case][rule] = status
    rows = client.execute("SELECT day, hex(id), pay_no, case_keys FROM landing.subsidy_paid WHERE revision = 1")
    stored = {(day, bytes.fromhex(document)): (pay_no, keys) for day, document, pay_no, keys in rows}
    for payment, (step, answer) in said.items():
        pay_no, keys = stored[payment]
        now = {(rule, case): status for case in keys for rule, status in found.get(case, {}).items()}
        for case in sorted({*answer, *now}):
            if answer.get(case) == now.get(case):
                outcome.agreed[case[0]] += 1
            elif _latest(client, last, case[1], keys) > step:
                outcome.later[case[0]] += 1
            else:
                before, after = answer.get(case, "nothing"), now.get(case, "nothing")
                outcome.differing.append(f"{pay_no} {case[0]} {case[1]}: asked beforehand {before}, found {after}")


_RELATED = """
WITH
    direct AS (SELECT stream, day, id FROM cases.link WHERE key IN {keys}),
    around AS
    (
        SELECT DISTINCT arrayJoin(case_keys) AS key FROM landing.subsidy_paid
        WHERE (day, id) IN (SELECT day, id FROM direct WHERE stream = 'payout')
            AND (startsWith(key, 'apply:') OR startsWith(key, 'vin:'))
    )
SELECT stream, day, hex(id) FROM direct
UNION DISTINCT
SELECT stream, day, hex(id) FROM cases.link WHERE key IN (SELECT key FROM around)
"""


def _latest(client: Client, last: dict[tuple[str, date, bytes], int], case: str, keys: Sequence[str]) -> int:
    """When the last document arrived that the case's rules may have read; prices are compared with the shop's other sales."""
    streams = {name: entry["stream"] for name, entry in definitions()["documents"].items()}
    read = [case, *(key for key in keys if key.startswith("sku:"))]
    listed = ", ".join(f"'{key}'" for key in read)
    return max(
        last[streams[stream], day, bytes.fromhex(document)]
        for stream, day, document in client.execute(_RELATED.format(keys=f"({listed})"))
    )
