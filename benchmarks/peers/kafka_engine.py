"""ClickHouse's Kafka engine: a queue table and a materialized view that does the job in SQL, one JSON parse a message.

What it cannot do, and is not asked to here: the platform's pseudonyms (ClickHouse has no keyed BLAKE2b; SipHash-128 with a key
stands in, so its tokens do not join with the platform's), a typed reason for each refused message (the view leaves those out
without a word; a second view would parse everything again), and a rule in Python: each is spelled out in SQL once more.
"""

from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticUndefined

from schemas.events.subsidy_paid import SubsidyPaid
from schemas.marks import CodeList, Kind, code_list
from warehouse.columns import ENVELOPE_COLUMNS, Column, data_columns

KEEP = {
    Kind.VIN: (3, 4),
    Kind.PERSON_ID: (3, 4),
    Kind.PHONE: (3, 4),
    Kind.ACCOUNT: (0, 4),
    Kind.NAME: (1, 0),
    Kind.ADDRESS: (3, 0),
}
_WEIGHTS = "[7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2]"
_ENVELOPE = {
    "day": "toDate(paid)",
    "id": "toFixedString(unhex(substring(m.id, 10, 32)), 16)",
    "revision": "toUInt32(substring(m.id, 43))",
    "payload_hash": "toFixedString(unhex(m.payloadhash), 16)",
    "source": "m.source",
    "department": "m.department",
    "occurred_at": "parseDateTime64BestEffort(m.time, 3)",
    "reported_at": "parseDateTime64BestEffort(m.reportedat, 3)",
    "received_at": "_timestamp_ms",
    "schema_version": "m.dataversion",
    "kafka_partition": "_partition",
    "kafka_offset": "_offset",
}
_BORN = "toDate32OrNull(concat(substring(applicant, 7, 4), '-', substring(applicant, 11, 2), '-', substring(applicant, 13, 2)))"
_VALID_ID = (
    f"(match(applicant, '^[0-9]{{17}}[0-9X]$') AND {_BORN} IS NOT NULL AND "
    "substring('10X98765432', 1 + arraySum(arrayMap((c, w) -> toUInt8OrZero(c) * w, "
    f"splitByString('', substring(applicant, 1, 17)), {_WEIGHTS})) % 11, 1) = substring(applicant, 18, 1))"
)
_CHECK = (
    f"multiIf(d.applicant_id IS NULL, 'absent', NOT {_VALID_ID}, 'invalid', "
    f"addYears({_BORN}, 18) > "
    "toDate32(ifNull(d.purchased_on, d.applied_on)), 'minor', 'valid')"
)


def statements(broker: str, topic: str, group: str, target: str, batch: int, key: bytes) -> list[str]:
    """The statements that start it; dropping `<target>_view` and `<target>_queue` stops it."""
    fields = ", ".join(f"{name} Nullable(String)" for name in SubsidyPaid.model_fields)
    envelope = ", ".join(
        f"{name} String" for name in ("id", "source", "department", "type", "time", "reportedat", "payloadhash")
    )
    columns = {**_ENVELOPE, **{column.name: _column(column, key) for column in data_columns(SubsidyPaid)}}
    chosen = ",\n  ".join(f"{expression} AS {name}" for name, expression in columns.items())
    return [
        f"CREATE TABLE {target}_queue (raw String) ENGINE = Kafka SETTINGS kafka_broker_list = '{broker}', "
        f"kafka_topic_list = '{topic}', kafka_group_name = '{group}', kafka_format = 'RawBLOB', "
        f"kafka_max_block_size = {batch}, kafka_poll_max_batch_size = {batch}, "
        "kafka_flush_interval_ms = 500, kafka_num_consumers = 1",
        f"CREATE MATERIALIZED VIEW {target}_view TO {target} AS WITH\n"
        f"  JSONExtract(raw, 'Tuple({envelope}, dataversion UInt8, data Tuple({fields}))') AS m, m.data AS d,\n"
        "  parseDateTime64BestEffortOrNull(d.paid_at, 3, 'Asia/Shanghai') AS paid, ifNull(d.applicant_id, '') AS applicant\n"
        f"SELECT\n  {chosen}\nFROM {target}_queue\nWHERE {' AND '.join(_rules())}",
    ]


def _column(column: Column, key: bytes) -> str:
    if column.name == "applicant_check":
        return _CHECK
    value = f"d.{column.field}" if "Nullable" in column.type else f"assumeNotNull(d.{column.field})"
    if column.kind and column.is_token:
        first, second = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:16], "big")
        token = f"sipHash128Keyed((toUInt64({first}), toUInt64({second})), concat('{column.kind}', {_normal(value)}))"
        return f"if(d.{column.field} IS NULL, NULL, {token})" if "Nullable" in column.type else token
    if column.kind:
        head, tail = KEEP[column.kind]
        end = f", substringUTF8({value}, -{tail})" if tail else ""
        long = f"concat(substringUTF8({value}, 1, {head}), '***'{end})" if head else f"concat('***'{end})"
        return f"if(lengthUTF8({value}) <= {head + tail}, '***', {long})"
    if "DateTime64" in column.type:
        return (
            f"parseDateTime64BestEffort({value}, 3)"
            if "Nullable" not in column.type
            else f"parseDateTime64BestEffortOrNull({value}, 3)"
        )
    if "Decimal" in column.type:
        return f"toDecimal64({value}, 2)"
    default = SubsidyPaid.model_fields[column.field].default
    return value if default in (None, PydanticUndefined) else f"ifNull(d.{column.field}, '{default}')"


def _normal(value: str) -> str:
    return f"upperUTF8(replaceRegexpAll({value}, '\\\\s', ''))"


def _rules() -> Iterator[str]:
    """The model's rules in SQL: required, patterns, lengths, code lists, numbers, and the id's day."""
    yield "m.type = 'subsidy.paid'"
    yield "match(m.id, '^[0-9]{8}-[0-9a-f]{32}-[1-9][0-9]{0,9}$')"
    yield "match(m.payloadhash, '^[0-9a-f]{32}$')"
    yield "match(m.source, '^[a-z0-9][a-z0-9.-]{1,62}$')"
    yield "substring(m.id, 1, 8) = formatDateTime(paid, '%Y%m%d')"
    yield "NOT (endsWith(applicant, '000') AND NOT " + _VALID_ID + ")"
    schema = SubsidyPaid.model_json_schema()
    for name, info in SubsidyPaid.model_fields.items():
        rules = schema["properties"][name]
        rules = {**rules, **next((r for r in rules.get("anyOf", ()) if r.get("type") != "null"), {})}
        codes = next((list(code_list(mark.name)) for mark in _marks(info) if isinstance(mark, CodeList)), rules.get("enum"))
        found = []
        if "pattern" in rules:
            pattern = rules["pattern"].replace("\\u4e00-\\u9fa5", "一-龥").replace("\\", "\\\\")
            found.append(f"match(d.{name}, '{pattern}')")
        if codes:
            found.append(f"d.{name} IN ({', '.join(repr(code) for code in codes)})")
        if "maxLength" in rules:
            found.append(f"lengthUTF8(trimBoth(d.{name})) BETWEEN {rules.get('minLength', 0)} AND {rules['maxLength']}")
        if rules.get("format") == "date":
            found.append(f"toDateOrNull(d.{name}) IS NOT NULL")
        if name.endswith("_yuan"):
            found.append(f"toDecimal64OrNull(d.{name}, 2) IS NOT NULL")
        rule = " AND ".join(found)
        if info.is_required():
            yield f"d.{name} IS NOT NULL" + (f" AND {rule}" if rule else "")
        elif rule:
            yield f"(d.{name} IS NULL OR ({rule}))"


def _marks(info: Any) -> list[Any]:
    found = list(info.metadata)
    for part in getattr(info.annotation, "__args__", ()):
        found += getattr(part, "__metadata__", ())
    return found


assert list(_ENVELOPE) == list(ENVELOPE_COLUMNS)  # noqa: S101  a peer with other columns would measure other work
