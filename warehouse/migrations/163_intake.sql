-- How many messages each source sent, by the day they came: the ledger counted in stretches of ten minutes of one partition, the
-- last of them anew while it still grows. A redelivery or a rewind lands on the same counts, since a message keeps the time the broker
-- gave it, and no page ever reads the ledger whole.
CREATE TABLE mart.intake_cell
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    stretch DateTime('Asia/Shanghai'),
    source LowCardinality(String),
    outcome Enum8('stored' = 1, 'rejected' = 2),
    messages UInt64,
    last_received_at DateTime64(3, 'Asia/Shanghai'),
    computed_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (topic, kafka_partition, stretch, source, outcome);

CREATE MATERIALIZED VIEW mart.intake_refresh REFRESH EVERY 30 SECOND APPEND TO mart.intake_cell
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
WITH
(
    SELECT mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(last))
    FROM (SELECT topic, kafka_partition, max(stretch) AS last FROM mart.intake_cell GROUP BY topic, kafka_partition)
) AS begun
SELECT topic, kafka_partition, toStartOfInterval(received_at, INTERVAL 10 MINUTE) AS stretch, source, outcome,
    uniqExact(kafka_offset, received_at) AS messages, max(received_at) AS last_received_at, now64(3) AS computed_at
FROM landing.ledger
WHERE received_at >= begun[concat(topic, '/', toString(kafka_partition))]
GROUP BY topic, kafka_partition, stretch, source, outcome;

CREATE VIEW mart.intake DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT i.source AS source, s.department AS department, toDate(i.stretch) AS received_on, i.outcome AS outcome,
    sum(i.messages) AS messages, max(i.last_received_at) AS last_received_at
FROM mart.intake_cell AS i FINAL
LEFT JOIN ops.source AS s ON s.source = i.source
GROUP BY source, department, received_on, outcome;

-- What sources handed in, from mart.facet: rows stored by business day, and the days from event to report (NULL: a correction).
CREATE VIEW mart.handed_in DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    splitByChar('|', f.value)[1] AS source, s.title AS title, s.department AS department, f.stream AS stream, f.day AS day,
    if(splitByChar('|', f.value)[2] = '更正', NULL, toUInt32OrZero(splitByChar('|', f.value)[2])) AS days,
    greatest(1, intDiv(s.expected_every_seconds, 86400)) AS expected_days,
    days IS NOT NULL AND days <= ceil(1.5 * expected_days) AS on_time,
    f.events AS documents
FROM mart.facet AS f
INNER JOIN ops.source AS s ON s.source = splitByChar('|', f.value)[1]
WHERE f.facet = '报送';

-- The ledger identity by source as it was minutes ago: ops.reconciliation reads the whole ledger, which no page may.
-- Kept by mart.balance_refresh, see warehouse/derived.py.
CREATE TABLE mart.balance
(
    source LowCardinality(String),
    received UInt64,
    stored UInt64,
    duplicate Int64,
    rejected UInt64,
    breaks UInt64,
    checked_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = MergeTree
ORDER BY source;
