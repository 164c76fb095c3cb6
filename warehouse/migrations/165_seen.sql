-- What pages read of findings, cases and sources, kept small beside very many documents: a page never reads the ledger, every
-- version of a finding or every case.

-- The ledger is counted from where counting stopped. Its key begins with the partition, so the time needs an index of its own.
ALTER TABLE landing.ledger ADD INDEX received received_at TYPE minmax;
ALTER TABLE landing.ledger MATERIALIZE INDEX received;

DROP VIEW mart.intake_refresh;
TRUNCATE TABLE mart.intake_cell;
ALTER TABLE mart.intake_cell ADD COLUMN last_event_at DateTime64(3, 'Asia/Shanghai') AFTER last_received_at;

-- A partition is landed in order, so what is new in it lies in its last stretch or later. Three branches, because each can be read
-- by an index and all at once can not: what came lately, what came earlier in partitions that lag behind the others, and
-- partitions never counted. A message that two of them read counts once.
CREATE MATERIALIZED VIEW mart.intake_refresh REFRESH EVERY 30 SECOND APPEND TO mart.intake_cell
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
WITH
    known AS (SELECT topic, kafka_partition, max(stretch) AS last FROM mart.intake_cell GROUP BY topic, kafka_partition),
    (SELECT max(last) - INTERVAL 10 MINUTE FROM known) AS lately,
    (SELECT min(last) FROM known) AS oldest,
    (SELECT mapFromArrays(groupArray(concat(topic, '/', toString(kafka_partition))), groupArray(last)) FROM known) AS begun
SELECT topic, kafka_partition, toStartOfInterval(received_at, INTERVAL 10 MINUTE) AS stretch, source, outcome,
    uniqExact(kafka_offset, received_at) AS messages, max(received_at) AS last_received_at, max(occurred_at) AS last_event_at,
    now64(3) AS computed_at
FROM
(
    SELECT topic, kafka_partition, kafka_offset, source, outcome, occurred_at, received_at FROM landing.ledger
    WHERE received_at >= lately
    UNION ALL
    SELECT topic, kafka_partition, kafka_offset, source, outcome, occurred_at, received_at FROM landing.ledger
    WHERE received_at >= oldest AND received_at < lately
        AND (topic, kafka_partition) IN (SELECT topic, kafka_partition FROM known WHERE last < lately)
        AND received_at >= begun[concat(topic, '/', toString(kafka_partition))]
    UNION ALL
    SELECT topic, kafka_partition, kafka_offset, source, outcome, occurred_at, received_at FROM landing.ledger
    WHERE (topic, kafka_partition) NOT IN (SELECT topic, kafka_partition FROM known)
)
GROUP BY topic, kafka_partition, stretch, source, outcome;

-- How fresh each registered source is, half a minute late at most. A source that never sent has no times, and that shows.
CREATE OR REPLACE VIEW mart.freshness DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    s.source AS source,
    if(l.source = '', NULL, l.last_event_at) AS last_event_at,
    if(l.source = '', NULL, l.last_received_at) AS last_received_at,
    if(l.source = '', NULL, dateDiff('second', l.last_received_at, now64(3))) AS lag_seconds,
    s.expected_every_seconds AS expected_every
FROM ops.source AS s
LEFT JOIN
(
    SELECT source, max(c.last_event_at) AS last_event_at, max(c.last_received_at) AS last_received_at
    FROM mart.intake_cell AS c
    GROUP BY source
) AS l ON l.source = s.source;

-- Findings as a leader may list them, each minute: a case is a number that leads to no key, and neither question nor evidence is
-- shown. The key serves the cases' legs below; the view leaves it out.
CREATE TABLE mart.finding_list_row
(
    rule LowCardinality(String),
    title LowCardinality(String),
    severity LowCardinality(String),
    urgency UInt8,                  -- 1 R, 2 O, 3 Y
    department LowCardinality(String),
    recipients Array(LowCardinality(String)),
    status LowCardinality(String),
    disposition LowCardinality(String),
    opened_at DateTime64(6, 'Asia/Shanghai'),
    closed_at Nullable(DateTime64(6, 'Asia/Shanghai')),
    deadline Date,
    amount_yuan Decimal(18, 2),
    recovered_yuan Decimal(18, 2),
    evaluated_at DateTime64(6, 'Asia/Shanghai'),
    case_number String,
    case_key String
)
ENGINE = MergeTree
ORDER BY (status, disposition, urgency, deadline);

CREATE MATERIALIZED VIEW mart.finding_list_refresh REFRESH EVERY 1 MINUTE TO mart.finding_list_row
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    rule, title, severity, indexOf(['R', 'O', 'Y'], severity) AS urgency, department, recipients, status, disposition, opened_at, closed_at,
    deadline, amount_yuan, recovered_yuan, evaluated_at,
    concat(
        transform(splitByChar(':', case_key)[1], ['vin', 'apply', 'serial', 'person', 'account', 'site', 'invoice'], ['车', '申请', '家电', '人', '账户', '站点', '发票'], '案'),
        leftPad(toString(sipHash64(case_key) % 100000000), 8, '0')) AS case_number,
    case_key
FROM mart.finding;

CREATE OR REPLACE VIEW mart.finding_list DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT case_key FROM mart.finding_list_row;

-- The same findings counted by all that pages choose by.
CREATE TABLE mart.finding_count_row
(
    rule LowCardinality(String),
    title LowCardinality(String),
    severity LowCardinality(String),
    urgency UInt8,
    department LowCardinality(String),
    recipients Array(LowCardinality(String)),
    status LowCardinality(String),
    disposition LowCardinality(String),
    opened_on Date,
    deadline Date,
    found UInt64,
    amount_yuan Decimal(18, 2),
    recovered_yuan Decimal(18, 2),
    evaluated_at DateTime64(6, 'Asia/Shanghai')
)
ENGINE = MergeTree
ORDER BY (status, disposition, rule, opened_on);

CREATE MATERIALIZED VIEW mart.finding_count_refresh REFRESH EVERY 1 MINUTE DEPENDS ON mart.finding_list_refresh TO mart.finding_count_row
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    rule, title, severity, urgency, department, recipients, status, disposition, toDate(opened_at) AS opened_on, deadline, count() AS found,
    sum(r.amount_yuan) AS amount_yuan, sum(r.recovered_yuan) AS recovered_yuan, max(r.evaluated_at) AS evaluated_at
FROM mart.finding_list_row AS r
GROUP BY rule, title, severity, urgency, department, recipients, status, disposition, opened_on, deadline;

CREATE VIEW mart.finding_count DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.finding_count_row;

-- The legs of the cars that have a finding still open, under the same numbers: dates and sums, nobody's name and no VIN.
CREATE TABLE mart.case_leg_row
(
    case_number String,
    item_code LowCardinality(String),
    town LowCardinality(String),
    stage LowCardinality(String),
    leg LowCardinality(String),
    day Date,
    place UInt8,
    yuan Decimal(18, 2)
)
ENGINE = MergeTree
ORDER BY (case_number, day, place);

CREATE MATERIALIZED VIEW mart.case_leg_refresh REFRESH EVERY 1 MINUTE DEPENDS ON mart.finding_list_refresh TO mart.case_leg_row
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    concat('车', leftPad(toString(sipHash64(case_key) % 100000000), 8, '0')) AS case_number, item_code, town, stage,
    part.1 AS leg, assumeNotNull(part.2) AS day, part.3 AS place, part.4 AS yuan
FROM mart.vehicle_case
ARRAY JOIN arrayFilter(p -> p.2 IS NOT NULL,
[
    ('交车', handed_over_on, 1, toDecimal64(0, 2)), ('回收证明', certified_on, 2, 0), ('过磅', weighed_on, 3, 0), ('注销', deregistered_on, 4, 0),
    ('开票', invoiced_on, 5, 0), ('新车注册', registered_on, 6, 0), ('申请', applied_on, 7, 0), ('审核', reviewed_on, 8, 0),
    ('拨付', paid_on, 9, paid_yuan), ('追回', refunded_on, 10, refunded_yuan)
]) AS part
WHERE case_key IN (SELECT case_key FROM mart.finding_list_row WHERE status = 'open');

CREATE OR REPLACE VIEW mart.case_leg DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.case_leg_row;
