"""Views that follow from the catalogue of event types: made anew after the migrations, so that a new type needs no edit."""

from clickhouse_driver import Client

from schemas.catalogue import event_types, table

_STORED = """
SELECT source, day, count() AS stored, sum({amount}) AS yuan
FROM landing.{table} FINAL {{days}} GROUP BY source, day"""

_IDENTITY = """
SELECT
    source,
    day,
    sum(l_received) AS received,
    sum(s_stored) AS stored,
    sum(l_duplicate) AS duplicate,
    sum(l_rejected) AS rejected,
    sum(l_yuan) AS yuan_received,
    sum(s_yuan) AS yuan_stored,
    received = stored + duplicate + rejected AND yuan_received = yuan_stored AS balanced
FROM
(
    SELECT source, day, sum(messages) AS l_received, toUInt64(0) AS s_stored,
           sumIf(messages - 1, outcome = 'stored') AS l_duplicate, sumIf(messages, outcome = 'rejected') AS l_rejected,
           sumIf(yuan, outcome = 'stored') AS l_yuan, toDecimal128(0, 2) AS s_yuan
    FROM
    (
        SELECT source, day, outcome, event, count() AS messages, any(amount_yuan) AS yuan
        FROM landing.ledger FINAL {days}
        GROUP BY source, day, outcome, event
    )
    GROUP BY source, day
    UNION ALL
    SELECT source, day, toUInt64(0), stored, toInt64(0), toUInt64(0), toDecimal128(0, 2), yuan FROM ({stored})
)
GROUP BY source, day
"""

_CONFLICTS = """
SELECT '{event_type}' AS event_type, source, day, lower(hex(id)) AS document, revision, uniqExact(payload_hash) AS payloads,
       min(received_at) AS first_received_at, max(received_at) AS last_received_at
FROM landing.{table} GROUP BY source, day, id, revision HAVING payloads > 1"""

_DUE = "WHERE day IN (SELECT arrayJoin((SELECT groupArray(day) FROM mart.balance_due)))"
# The rows are counted first: what comes between that and the check makes the day due again. A source's day that is no longer in
# either table becomes zeros. One thread: whoever waits for a page or a landing must find a core free.
_BALANCE = f"""
CREATE MATERIALIZED VIEW IF NOT EXISTS mart.balance_refresh REFRESH EVERY 5 MINUTE APPEND TO mart.balance_cell
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT source, day, sum(r.received) AS received, sum(r.stored) AS stored, sum(r.duplicate) AS duplicate,
       sum(r.rejected) AS rejected, min(r.balanced) AS balanced, sum(r.rows) AS rows, now64(3) AS checked_at
FROM
(
    SELECT source, day, count() AS rows, 0 AS received, 0 AS stored, 0 AS duplicate, 0 AS rejected, 1 AS balanced
    FROM landing.ledger {_DUE} GROUP BY source, day
    UNION ALL
    SELECT source, day, 0, received, stored, duplicate, rejected, balanced FROM ops.reconciliation_due
    UNION ALL
    SELECT source, day, 0, 0, 0, 0, 0, 1 FROM mart.balance_cell FINAL {_DUE}
) AS r
GROUP BY source, day
SETTINGS max_threads = 1"""


def create_derived_views(client: Client) -> None:
    """Make ops.reconciliation, its part that is due, and ops.conflict, and keep mart.balance, the identity by source for pages.

    ops.conflict: documents that a source has sent under one revision with different contents. Both are kept, the first received
    counts, and the source is asked to number its corrections.

    ops.reconciliation: what the ledger counted as received against what the landing tables hold, by source and day.

    received = stored + duplicate + rejected in events, and what was received once = what is stored in yuan. Rejected
    messages whose day could not be read count under 1970-01-01. The two sides come from different tables, so a
    lost or doubled row shows.
    """
    stored = " UNION ALL ".join(
        _STORED.format(table=table(event_type), amount=model.amount_field or "toDecimal64(0, 2)")
        for event_type, model in event_types().items()
    )
    for view, days in (("ops.reconciliation", ""), ("ops.reconciliation_due", _DUE)):
        identity = _IDENTITY.format(stored=stored.format(days=days), days=days)
        client.execute(f"CREATE OR REPLACE VIEW {view} DEFINER = huanxin_admin SQL SECURITY DEFINER AS {identity}")
    conflicts = " UNION ALL ".join(_CONFLICTS.format(event_type=name, table=table(name)) for name in event_types())
    client.execute(f"CREATE OR REPLACE VIEW ops.conflict DEFINER = huanxin_admin SQL SECURITY DEFINER AS {conflicts}")
    client.execute(_BALANCE)
