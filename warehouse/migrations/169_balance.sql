-- The ledger identity for the pages, kept up at a cost that does not grow with what is stored: by source and day, and only the days
-- that are due are checked (mart.balance_due).
DROP VIEW IF EXISTS mart.balance_refresh;
DROP TABLE mart.balance;

-- A day's messages lie together in the order of arrival, nearly: what is read of the ledger for some days is little more than they hold.
ALTER TABLE landing.ledger ADD INDEX business_day day TYPE minmax;
ALTER TABLE landing.ledger MATERIALIZE INDEX business_day;

-- Kept by mart.balance_refresh, see warehouse/derived.py.
CREATE TABLE mart.balance_cell
(
    source LowCardinality(String),
    day Date,
    received UInt64,
    stored UInt64,
    duplicate Int64,
    rejected UInt64,
    balanced UInt8,
    rows UInt64,                    -- of the ledger at the check, redelivered ones that were not merged yet among them
    checked_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(checked_at)
ORDER BY (source, day);

-- Days whose rows are not as many as at their last check, days with a break, and the newest one; then those last checked more
-- than a day ago, so that every day is checked again each day. Five million messages at a time: what is left is due the next time.
CREATE VIEW mart.balance_due DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT day
FROM
(
    SELECT day, messages, urgency, sum(messages) OVER (ORDER BY urgency, checked, day ROWS UNBOUNDED PRECEDING) AS so_far
    FROM
    (
        SELECT day, sum(here) AS messages, max(at) AS checked,
            multiIf(messages != sum(then) OR sum(breaks) > 0 OR day = max(day) OVER (), 0, checked < now64(3) - INTERVAL 1 DAY, 1, 2) AS urgency
        FROM
        (
            SELECT day, count() AS here, 0 AS then, toDateTime64(0, 3, 'Asia/Shanghai') AS at, 0 AS breaks FROM landing.ledger GROUP BY day
            UNION ALL
            SELECT day, 0, rows, checked_at, NOT balanced FROM mart.balance_cell FINAL
        )
        GROUP BY day
    )
    WHERE urgency < 2
)
WHERE so_far - messages < 5000000;

CREATE VIEW mart.balance DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT source, sum(c.received) AS received, sum(c.stored) AS stored, sum(c.duplicate) AS duplicate, sum(c.rejected) AS rejected,
    countIf(NOT c.balanced) AS breaks, max(c.checked_at) AS checked_at
FROM mart.balance_cell AS c FINAL
GROUP BY source;
