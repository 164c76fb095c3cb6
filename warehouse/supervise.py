"""Runs the supervision rules and keeps what changed: opens, re-evaluates, closes and reopens findings.

The same rule file serves the touched cases, all cases, and the cases as of a past moment (see `warehouse/relations.py`). Only
one run at a time may store: the `match` agent is the only one that does, and it runs one after another.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from clickhouse_driver import Client
from clickhouse_driver.errors import ErrorCodes, ServerException

from huanxin.errors import UnavailableError
from schemas.event import CHINA
from warehouse.case_rows import KINDS, recompute, sql_of
from warehouse.relations import (
    ONE_THREAD,
    WHOLE,
    Document,
    find_cases,
    gather_all,
    gather_as_of,
    gather_cases,
    needed,
    propose,
    streams,
)
from warehouse.rulebook import Rule, fill, literal, office, rulebook

log = structlog.get_logger()

TOUCHED = ONE_THREAD | {"max_memory_usage": 2 * 2**30}
"""For a rule on touched cases: one that would take all of the server's memory must fail before it does."""

FOUND = (
    "id UUID, status String, rule String, rule_version String, case_key String, severity String, recipients Array(String), "
    "title String, question String, amount_yuan Decimal(18, 2), evidence String, deadline_days UInt16, fingerprint UInt64"
)

_FIND = """
INSERT INTO found
SELECT
    reinterpretAsUUID(sipHash128({rule}, case_key)) AS id,
    {status} AS status, {rule} AS rule, {label} AS rule_version, case_key,
    {severity} AS severity,
    if(severity = {office_severity}, arrayDistinct(arrayConcat({recipients}, [{office}])), {recipients}) AS recipients,
    {name} AS title, {question} AS question, toDecimal64(amount_yuan, 2) AS amount_yuan,
    formatRowNoNewline('JSONEachRow', {evidence}, events) AS evidence, {deadline_days} AS deadline_days,
    sipHash64(status, severity, rule_version, question, amount_yuan, evidence) AS fingerprint
FROM
(
{sql}
)
WHERE judged_on BETWEEN {start} AND {end} AND {judged}
ORDER BY case_key
LIMIT 1 BY case_key
"""

_STORE = """
INSERT INTO mart.finding_version
SELECT
    if(new, f.id, p.id) AS id, {now} AS evaluated_at,
    multiIf(new AND NOT known, 'opened', new AND p.status = 'closed', 'reopened', new, 're-evaluated', 'closed') AS event,
    if(new, f.status, 'closed') AS status,
    if(new, f.rule, p.rule) AS rule,
    if(new, f.rule_version, p.rule_version) AS rule_version,
    if(new, f.case_key, p.case_key) AS case_key,
    if(new, f.severity, p.severity) AS severity,
    if(new, f.recipients[1], p.department) AS department,
    if(new, f.recipients, p.recipients) AS recipients,
    if(new, f.title, p.title) AS title,
    if(new, f.question, p.question) AS question,
    if(new, f.amount_yuan, p.amount_yuan) AS amount_yuan,
    if(new, f.evidence, p.evidence) AS evidence,
    if(event IN ('opened', 'reopened'), {now}, p.opened_at) AS opened_at,
    if(event = 'closed', {now}, NULL) AS closed_at,
    if(event IN ('opened', 'reopened'), {today} + f.deadline_days, p.deadline) AS deadline,
    if(new, f.fingerprint, p.fingerprint) AS fingerprint
FROM (SELECT *, true AS new FROM found) AS f
FULL OUTER JOIN
(
    SELECT *, true AS known
    FROM mart.finding_version
    WHERE rule IN {rules} AND {judged_findings}
    ORDER BY id, evaluated_at DESC
    LIMIT 1 BY id
) AS p ON p.id = f.id
WHERE (new AND (NOT known OR p.status = 'closed' OR p.fingerprint != f.fingerprint))
    OR (known AND NOT new AND p.status != 'closed')
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run stored, by event: opened, re-evaluated, closed, reopened."""

    changes: dict[str, int]
    failed: tuple[str, ...] = ()
    """Rules that asked for more memory than there is: their findings stand as they were, the next run tries again."""

    def __str__(self) -> str:
        return ", ".join(f"{event} {count}" for event, count in sorted(self.changes.items())) or "nothing changed"


class HungryRuleError(UnavailableError):
    """A rule asked for more memory than there is: a case of very many documents can do that."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"rule {rule} asks for more memory than ClickHouse may give it; the docs on operations say what to do")
        self.rule = rule


def run_all(client: Client, rules: Iterable[Rule] | None = None) -> Run:
    """Judge every case by the rules (all of them by default, and the case tables with them) and store what changed."""
    chosen = tuple(rules or rulebook().values())
    tables = () if rules else tuple(KINDS)

    def run(judging: Sequence[Rule]) -> dict[str, int]:
        now = _now(client)
        gather_all(client, now.date(), _needed(judging, tables))
        return _judge(client, judging, tables, now, "true", "true")

    return _without_the_hungry(chosen, run)


def run_cases(client: Client, documents: Sequence[Document]) -> Run:
    """Judge the cases that these documents touch, recompute their rows and store what changed."""
    documents = [document for document in documents if document[0] in streams()]
    if not documents:
        return Run({})

    def run(judging: Sequence[Rule]) -> dict[str, int]:
        now = _now(client)
        kinds = find_cases(client, documents)
        judging = [rule for rule in judging if kinds & set(rule.key)]
        tables = tuple(name for name, kind in KINDS.items() if kind in kinds)
        gather_cases(client, now.date(), _needed(judging, tables))
        ids = literal([rule.id for rule in judging] or [""])
        findings = f"id IN (SELECT reinterpretAsUUID(sipHash128(arrayJoin({ids}), key)) FROM judged)"
        return _judge(client, judging, tables, now, "case_key IN (SELECT key FROM judged)", findings)

    return _without_the_hungry([rule for rule in rulebook().values() if not rule.timer_only], run)


def _without_the_hungry(rules: Sequence[Rule], run: Callable[[Sequence[Rule]], dict[str, int]]) -> Run:
    """Run again without each rule that fails for memory: it must not keep the others, and all later cases, from judgement.

    From the start, because the session's tables went with the failed statement's connection.
    """
    failed: list[str] = []
    while True:
        try:
            return Run(run([rule for rule in rules if rule.id not in failed]), tuple(failed))
        except HungryRuleError as error:
            log.exception("rule left out", rule=error.rule)
            failed.append(error.rule)


def _judge(
    client: Client, rules: Collection[Rule], tables: Iterable[str], now: datetime, judged: str, findings: str
) -> dict[str, int]:
    moment = f"toDateTime64('{now:%Y-%m-%d %H:%M:%S.%f}', 6, 'Asia/Shanghai')"
    for table in tables:
        recompute(client, table, moment, judged)
    _find(client, rules, now.date(), judged, whole=judged == "true")
    return _store(client, rules, moment, now.date(), findings)


def check_payments(
    client: Client, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[list[tuple[str, list[str]]], list[tuple[Any, ...]]]:
    """Judge the cases of payments that were not made yet, as if they had been, and store nothing.

    `columns` and `rows` are those of cases.payout_row. Returns each payment's event with its cases, and rows of rule, case_key,
    status, severity, amount_yuan, question, title.
    """
    today = _now(client).date()
    payments = propose(client, columns, rows)
    kinds = {key.partition(":")[0] for _, keys in payments for key in keys}
    chosen = tuple(rule for rule in rulebook().values() if kinds & set(rule.key) and not rule.timer_only)
    gather_cases(client, today, _needed(chosen), proposed=True)
    _find(client, chosen, today, "case_key IN (SELECT key FROM judged)", whole=False)
    found: list[tuple[Any, ...]] = client.execute(
        "SELECT rule, case_key, status, severity, amount_yuan, question, title FROM found ORDER BY rule, case_key"
    )
    return payments, found


def findings_as_of(client: Client, moment: datetime, rules: Iterable[Rule] | None = None) -> list[tuple[Any, ...]]:
    """Judge the cases as they stood at the moment (with its zone), and store nothing.

    Rows of rule, case_key, status, severity, amount_yuan, question.
    """
    chosen = tuple(rules or rulebook().values())
    gather_as_of(client, moment, _needed(chosen))
    _find(client, chosen, moment.astimezone(CHINA).date(), "true", whole=True)
    rows: list[tuple[Any, ...]] = client.execute(
        "SELECT rule, case_key, status, severity, amount_yuan, question FROM found ORDER BY rule, case_key"
    )
    return rows


def _needed(rules: Iterable[Rule], tables: Iterable[str] = ()) -> set[str]:
    return needed([*(rule.sql for rule in rules), *map(sql_of, tables)])


def _now(client: Client) -> datetime:
    """The warehouse's clock before anything is read: of two runs, the one that began later saw more."""
    now: datetime = client.execute("SELECT now64(6, 'Asia/Shanghai')")[0][0]
    return now


def _find(client: Client, rules: Collection[Rule], today: date, judged: str, *, whole: bool) -> None:
    client.execute(f"CREATE OR REPLACE TEMPORARY TABLE found ({FOUND}) ENGINE = Memory")
    settings = WHOLE if whole else TOUCHED
    for rule in rules:
        try:
            # Among a few cases most rules find nothing: asking that first costs half of the whole statement.
            if whole or client.execute(f"SELECT 1 FROM (\n{filled(rule, today)}\n) LIMIT 1", settings=settings):
                client.execute(find_statement(rule, today, judged), settings=settings)
        except ServerException as error:
            if error.code == ErrorCodes.MEMORY_LIMIT_EXCEEDED:
                raise HungryRuleError(rule.id) from error
            raise


def filled(rule: Rule, today: date) -> str:
    """The rule's SELECT with its tolerances and the day of the run."""
    return fill(rule.sql, rule.tolerance | {"today": today})


def find_statement(rule: Rule, today: date, judged: str) -> str:
    """The statement that writes a rule's findings into the temporary table `found`."""
    office_severity, department = office()
    column = {name: name if name in rule.overrides else None for name in ("severity", "status", "question")}
    return _FIND.format(
        rule=literal(rule.id),
        label=literal(rule.label),
        status=column["status"] or "'open'",
        severity=column["severity"] or literal(rule.severity),
        question=column["question"] or _question(rule.question),
        office_severity=literal(office_severity),
        office=literal(department),
        recipients=literal(rule.recipients),
        name=literal(rule.name),
        evidence=", ".join(rule.evidence),
        deadline_days=rule.deadline_days,
        sql=filled(rule, today),
        start=literal(rule.in_force.start),
        end=literal(rule.in_force.end or date(2149, 6, 6)),
        judged=judged,
    )


def _question(template: str) -> str:
    """The question as an SQL expression: texts and columns in turn; an absent value reads 无."""
    parts = [text if n % 2 else literal(text) for n, text in enumerate(_split(template))]
    shown = [part if n % 2 == 0 else f"ifNull(toString({part}), '无')" for n, part in enumerate(parts)]
    return f"concat({', '.join([*shown, literal('')])})"


def _split(template: str) -> list[str]:
    return [part for text in template.split("{") for part in text.split("}", 1)]


def _store(client: Client, rules: Collection[Rule], now: str, today: date, findings: str) -> dict[str, int]:
    ids = literal([rule.id for rule in rules] or [""])
    client.execute(_STORE.format(now=now, today=literal(today), rules=ids, judged_findings=findings))
    rows = client.execute(f"SELECT event, count() FROM mart.finding_version WHERE evaluated_at = {now} GROUP BY event")
    return dict(rows)
