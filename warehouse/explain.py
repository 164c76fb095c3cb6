"""A finding as a note an accountant can follow: facts with dates and amounts, the rule, the arithmetic, what to look into."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from clickhouse_driver import Client

from schemas.marks import code_list
from warehouse.relations import gather_cases, needed
from warehouse.rulebook import Rule
from warehouse.supervise import filled

SEVERITIES = {"R": "红", "O": "橙", "Y": "黄"}
EVENTS = {"opened": "提出", "re-evaluated": "事实有变，重新提出", "closed": "已有解释，销号", "reopened": "再次提出"}
KINDS = {"initial": "首拨", "topup": "补差", "refund": "追回", "reissue": "退回后重拨"}

# What happened in a case, document by document: day, what, event id.
_FACTS = {
    "certificate": """
        SELECT issued_on, concat('开具回收证明 ', cert_no, '(', recycler, ',交车', toString(handed_over_on), ',初次注册',
            toString(first_registered_on), ',车主', owner_masked, ')'), event FROM certificate""",
    "deregistration": """
        SELECT cancelled_on, concat('注销登记(', cancel_reason, ',车主', owner_masked, ')'), event FROM deregistration""",
    "transfer": """
        SELECT transferred_on, concat('转让登记 ', serial_no, '(', in_out, ',', seller_masked, '→', buyer_masked, ')'), event
        FROM transfer""",
    "newcar": """
        SELECT registered_on, concat('新车注册(', seller, ',发票', invoice_no, '开于', toString(invoiced_on), ',价税合计',
            toString(price_yuan), '元,', if(nev_catalogue, '新能源', '燃油'), ',购车人', buyer_masked, ')'), event
        FROM newcar""",
    "weighing": """
        SELECT day, concat('过磅 ', site_id, '/', ticket_no, '(', direction, category, ',净重', toString(net_kg), '公斤)'),
            event FROM weighing""",
    "payout": """
        SELECT toDate(paid_at), concat('拨付凭证 ', pay_no, ' 申请', apply_no, ' ',
            transform(payout_kind, {kinds}, {labels}, ''), ' ', toString(amount_yuan),
            '元,', pay_result, '(收款人', payee_masked, ')'), event
        FROM payout""",
}
_MOST_FACTS = 60


def explain(client: Client, rule: Rule, case_key: str) -> str:
    """The note, in Chinese. Nothing in it is personal beyond masked forms, and it asks; it never judges."""
    today = client.execute("SELECT today()")[0][0]
    client.execute("CREATE OR REPLACE TEMPORARY TABLE judged (key String) ENGINE = Memory")
    client.execute("INSERT INTO judged VALUES", [(case_key,)])
    gather_cases(client, today, needed([rule.sql, "due", *_FACTS.values()]))
    lines = [f"核查说明  {rule.id} {rule.name}({SEVERITIES[rule.severity]})", f"案件  {case_key}", "", "一、查到的事实"]
    lines += _numbered(_facts(client)) or ["  没有查到该案件的单据。"]
    lines += [
        "",
        "二、依据",
        f"  {rule.source}",
        f"  适用期  {rule.in_force.start}起{f'至{rule.in_force.end}' if rule.in_force.end else ''}",
    ]
    lines += [f"  容差  {', '.join(f'{name}={value}' for name, value in rule.tolerance.items())}"] if rule.tolerance else []
    lines += ["", "三、计算", *(_arithmetic(client) or ["  本案没有补贴金额需要计算。"])]
    lines += ["", "四、请核实", *_question(client, rule, case_key, today)]
    lines += ["", "五、办理", *(_history(client, rule, case_key) or ["  没有提出过问题。"])]
    return "\n".join([*lines, "", "本说明只提出待核实的问题，不作结论；个人信息均已脱敏。"])


def _numbered(texts: list[str]) -> list[str]:
    return [f"  {number}. {text}" for number, text in enumerate(texts, 1)]


def _facts(client: Client) -> list[str]:
    rows: list[tuple[Any, ...]] = []
    for sql in _FACTS.values():
        kinds = sql.replace("{kinds}", str([*KINDS])).replace("{labels}", str([*KINDS.values()]))
        rows += client.execute(kinds)
    shown = [f"{day}  {what}  〔{event}〕" for day, what, event in sorted(rows)]
    return shown[:_MOST_FACTS] + ([f"……另有{len(shown) - _MOST_FACTS}件"] if len(shown) > _MOST_FACTS else [])


def _arithmetic(client: Client) -> list[str]:
    lines: list[str] = []
    rows = client.execute(
        "SELECT apply_no, item_code, applied_on, version, variants, basis_yuan, due_yuan, cap_yuan, paid_yuan, net_yuan "
        "FROM due ORDER BY apply_no"
    )
    for apply_no, item, applied_on, version, variants, basis, due, cap, paid, net in rows:
        lines.append(
            f"  申请{apply_no}({code_list('subsidy_item').get(item, item)}，申请日期{applied_on})，"
            f"适用标准{version or '未找到'}，档次{'、'.join(variants) or '未知'}"
        )
        lines += [f"    {text}" for text in _terms(client, version, variants, basis)]
        lines.append(f"    应补 {_yuan(due)}；最高限额 {_yuan(cap)}")
        amounts = client.execute(
            "SELECT amount_yuan FROM payout WHERE apply_no = %(a)s AND pay_result = '成功' ORDER BY paid_at, pay_no",
            {"a": apply_no},
        )
        summed = " + ".join(f"({amount})" if amount < 0 else str(amount) for (amount,) in amounts)
        lines.append(f"    实拨 {summed} = 净额 {_yuan(net)}(首拨、重拨与补差合计 {_yuan(paid)})")
        if due is not None:
            lines.append(f"    净额 {net} − 应补 {due} = {net - due} 元")
    return lines


def _terms(client: Client, version: str, variants: list[str], basis: Decimal | None) -> Iterator[str]:
    rows = client.execute(
        "SELECT variant, amount_yuan, percent, cap_yuan, condition, verified, source FROM subsidy_rule "
        "WHERE version = %(v)s AND variant IN %(n)s",
        {"v": version, "n": [*variants, ""]},
    )
    for variant, amount, percent, cap, condition, verified, source in rows:
        name = variant or "总则"
        if amount is not None:
            yield f"{name}:定额 {amount} 元"
        elif percent is not None and basis is not None:
            yield f"{name}:{basis} × {percent}% = {(basis * percent / 100).quantize(Decimal('0.01'))} 元，不超过 {cap} 元"
        else:
            yield f"{name}:金额未知" + (f",不超过 {cap} 元" if cap is not None else "")
        yield f"条件:{condition}(出处:{source}{';尚待核对原文' if verified != 'V' else ''})"


def _question(client: Client, rule: Rule, case_key: str, today: Any) -> list[str]:
    found = client.execute(
        "SELECT status, question, evidence FROM mart.finding WHERE rule = %(r)s AND case_key = %(c)s",
        {"r": rule.id, "c": case_key},
    )
    live = client.execute(f"SELECT count() FROM ({filled(rule, today)}) WHERE case_key = %(c)s", {"c": case_key})[0][0]
    if not found or (found[0][0] == "closed" and not live):
        return ["  按本规则，现有单据没有需要核实的问题。"]
    _, question, evidence = found[0]
    values = json.loads(evidence)
    lines = [f"  {question}", f"  {rule.advice}", "  证据:"]
    lines += [f"    {label}:{_shown(values.get(name))}" for name, label in rule.evidence.items()]
    return [*lines, f"    单据:{_shown(values.get('events'))}"]


def _history(client: Client, rule: Rule, case_key: str) -> list[str]:
    where = {"r": rule.id, "c": case_key}
    rows: list[tuple[datetime, str, str, list[str], Any]] = client.execute(
        "SELECT evaluated_at, event, rule_version, recipients, deadline FROM mart.finding_version "
        "WHERE rule = %(r)s AND case_key = %(c)s ORDER BY evaluated_at",
        where,
    )
    lines = [
        f"  {at:%Y-%m-%d %H:%M:%S}  {EVENTS[event]}(规则版本{version});{'、'.join(to)}，{deadline}前答复"
        for at, event, version, to, deadline in rows
    ]
    answers = client.execute(
        "SELECT answered_at, disposition, recovered_yuan, answered_by, note FROM mart.finding "
        "WHERE rule = %(r)s AND case_key = %(c)s AND disposition != ''",
        where,
    )
    return lines + [f"  {at:%Y-%m-%d %H:%M:%S}  {by}答复:{what}，追回{yuan}元 {note}" for at, what, yuan, by, note in answers]


def _yuan(value: Decimal | None) -> str:
    return "未知" if value is None else f"{value} 元"


def _shown(value: Any) -> str:
    if value is None:
        return "无"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
