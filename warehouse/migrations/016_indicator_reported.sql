-- 指标报送: indicator.reported, version 1.
CREATE TABLE landing.indicator_reported
(
    day Date,
    id FixedString(16),
    revision UInt32,
    payload_hash FixedString(16),
    source LowCardinality(String),
    department LowCardinality(String),
    occurred_at DateTime64(3, 'Asia/Shanghai'),
    reported_at DateTime64(3, 'Asia/Shanghai'),
    received_at DateTime64(3, 'Asia/Shanghai'),
    schema_version UInt8,
    kafka_partition UInt32,
    kafka_offset UInt64,
    status LowCardinality(String),
    indicator_code LowCardinality(String),
    period String,
    unit_code String,
    value Decimal(18, 4),
    unit String,
    cumulative Bool,
    report_state LowCardinality(String),
    source_note String,
    filler_token FixedString(16),
    filler_masked String,
    approver_token Nullable(FixedString(16)),
    approver_masked Nullable(String),
    attachment_sha256 Nullable(String),
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('indicator:', indicator_code, '/', period)]),
    -- What mart.daily counts of one document.
    m_town String ALIAS '全县',
    m_category String ALIAS indicator_code,
    m_pieces Int64 ALIAS 0,
    m_net_kg Decimal(18, 2) ALIAS 0,
    m_amount_yuan Decimal(18, 2) ALIAS 0
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(day)
ORDER BY (day, id, revision, payload_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- The state now: the newest revision of each document (of two payloads under one revision, the first received).
-- Voided documents are in it; whoever counts leaves them out.
CREATE VIEW landing.indicator_reported_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.indicator_reported FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.indicator_reported_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.indicator_reported FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
