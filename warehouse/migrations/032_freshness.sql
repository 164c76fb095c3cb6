-- How fresh each registered source is. A source that never sent has no times, and that shows.
CREATE VIEW mart.freshness DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    s.source AS source,
    if(l.source = '', NULL, l.last_event_at) AS last_event_at,
    if(l.source = '', NULL, l.last_received_at) AS last_received_at,
    if(l.source = '', NULL, dateDiff('second', l.last_received_at, now64(3))) AS lag_seconds,
    s.expected_every_seconds AS expected_every
FROM ops.source AS s
LEFT JOIN
(
    SELECT source, max(occurred_at) AS last_event_at, max(received_at) AS last_received_at
    FROM landing.ledger
    GROUP BY source
) AS l ON l.source = s.source;
