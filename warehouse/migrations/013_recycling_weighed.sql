-- 再生资源过磅: recycling.weighed, version 1.
CREATE TABLE landing.recycling_weighed
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
    site_id String,
    ticket_no String,
    in_at DateTime64(3, 'Asia/Shanghai'),
    out_at DateTime64(3, 'Asia/Shanghai'),
    direction LowCardinality(String),
    category LowCardinality(String),
    gross_kg Decimal(18, 2),
    tare_kg Decimal(18, 2),
    deduct_kg Decimal(18, 2),
    net_kg Decimal(18, 2),
    pieces Int64,
    unit_price_yuan Decimal(18, 4),
    amount_yuan Decimal(18, 2),
    truck_plate_token FixedString(16),
    truck_plate_masked String,
    scale_id String,
    operator_token FixedString(16),
    operator_masked String,
    seller_token FixedString(16),
    seller_masked String,
    seller_id_token Nullable(FixedString(16)),
    seller_id_masked Nullable(String),
    reverse_invoice_no Nullable(String),
    site_uscc Nullable(String),
    vin_token Nullable(FixedString(16)),
    vin_masked Nullable(String),
    town String,
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('ticket:', site_id, '/', ticket_no, '/', toString(day)),
        concat('site:', site_id, '/', toString(day)),
        concat('truck:', lower(hex(truck_plate_token))),
        ifNull(concat('seller:', lower(hex(seller_id_token))), ''),
        ifNull(concat('vin:', lower(hex(vin_token))), ''),
        ifNull(concat('recycler:', site_uscc, '/', formatDateTime(day, '%Y-%m')), '')]),
    -- What mart.daily counts of one document.
    m_town String ALIAS town,
    m_category String ALIAS if(direction = '收', category, concat(category, '·售')),
    m_pieces Int64 ALIAS pieces,
    m_net_kg Decimal(18, 2) ALIAS net_kg,
    m_amount_yuan Decimal(18, 2) ALIAS amount_yuan
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(day)
ORDER BY (day, id, revision, payload_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- The state now: the newest revision of each document (of two payloads under one revision, the first received).
-- Voided documents are in it; whoever counts leaves them out.
CREATE VIEW landing.recycling_weighed_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.recycling_weighed FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.recycling_weighed_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.recycling_weighed FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
