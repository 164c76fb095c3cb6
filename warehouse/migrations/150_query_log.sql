-- Who asked what, and what was slow: from ClickHouse's own log of queries, which keeps half a year (server.xml). The log's table
-- is made at its first writing.
SYSTEM FLUSH LOGS query_log;

-- Each query of an auditor, whole: auditors read rows, so whoever audits the auditors sees which.
CREATE VIEW ops.auditor_query DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    event_time_microseconds AS at,
    initial_user AS user,
    extract(query, '^/\\* ([^ ]+) \\*/') AS signed_in, -- Superset writes who is signed in before each query
    toString(initial_address) AS address,
    query,
    result_rows,
    exception_code = 0 AS succeeded
FROM system.query_log
WHERE type != 'QueryStart' AND is_initial_query AND initial_user = 'huanxin_auditor';

-- Queries of pages by their shape, without the values in them: the slowest first to be looked at.
CREATE VIEW ops.page_query DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    toDate(event_time) AS day,
    initial_user AS user,
    normalized_query_hash AS shape,
    any(normalizeQuery(query)) AS query,
    count() AS queries,
    countIf(exception_code != 0) AS failed,
    quantile(0.5)(query_duration_ms) AS median_ms,
    quantile(0.95)(query_duration_ms) AS p95_ms,
    max(query_duration_ms) AS longest_ms,
    max(read_rows) AS most_rows_read,
    max(memory_usage) AS most_memory_bytes
FROM system.query_log
WHERE type != 'QueryStart' AND is_initial_query AND initial_user LIKE 'huanxin_%'
    AND initial_user NOT IN ('huanxin_admin', 'huanxin_worker', 'huanxin_quality')
GROUP BY day, user, shape;
