-- When each source's way in was last seen to work, although it may have sent nothing. The time is the broker's.
CREATE TABLE ops.heartbeat
(
    source LowCardinality(String),
    surface LowCardinality(String), -- file: its folder was looked into; database: its table was read; http: its system called
    received_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (source, surface);

-- How fresh each registered source is, half a minute late at most. A source that never sent has no times, and that shows. One that
-- is silent and has a fresh heartbeat has nothing to report; one without is cut off.
CREATE OR REPLACE VIEW mart.freshness DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    s.source AS source,
    if(l.source = '', NULL, l.last_event_at) AS last_event_at,
    if(l.source = '', NULL, l.last_received_at) AS last_received_at,
    if(l.source = '', NULL, dateDiff('second', l.last_received_at, now64(3))) AS lag_seconds,
    s.expected_every_seconds AS expected_every,
    if(h.source = '', NULL, h.last_heartbeat_at) AS last_heartbeat_at
FROM ops.source AS s
LEFT JOIN
(
    SELECT source, max(c.last_event_at) AS last_event_at, max(c.last_received_at) AS last_received_at
    FROM mart.intake_cell AS c
    GROUP BY source
) AS l ON l.source = s.source
LEFT JOIN (SELECT source, max(received_at) AS last_heartbeat_at FROM ops.heartbeat GROUP BY source) AS h ON h.source = s.source;
