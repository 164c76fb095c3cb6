-- 二手车转让登记: usedcar.transferred, version 1.
CREATE TABLE landing.usedcar_transferred
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
    vin_token FixedString(16),
    vin_masked String,
    transferred_on Date,
    serial_no String,
    plate_token FixedString(16),
    plate_masked String,
    vehicle_class LowCardinality(String),
    model String,
    first_registered_on Date,
    in_out LowCardinality(String),
    from_division String,
    to_division String,
    to_authority String,
    price_yuan Decimal(18, 2),
    market Nullable(String),
    invoice_no Nullable(String),
    invoice_status LowCardinality(String),
    mileage_km Nullable(Int64),
    seller_token FixedString(16),
    seller_masked String,
    seller_id_token Nullable(FixedString(16)),
    seller_id_masked Nullable(String),
    seller_address_token Nullable(FixedString(16)),
    seller_address_masked Nullable(String),
    seller_phone_token Nullable(FixedString(16)),
    seller_phone_masked Nullable(String),
    buyer_token FixedString(16),
    buyer_masked String,
    buyer_id_token Nullable(FixedString(16)),
    buyer_id_masked Nullable(String),
    buyer_address_token Nullable(FixedString(16)),
    buyer_address_masked Nullable(String),
    buyer_phone_token Nullable(FixedString(16)),
    buyer_phone_masked Nullable(String),
    town String,
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('vin:', lower(hex(vin_token)))]),
    -- What mart.daily counts of one document.
    m_town String ALIAS town,
    m_category String ALIAS in_out,
    m_pieces Int64 ALIAS 1,
    m_net_kg Decimal(18, 2) ALIAS 0,
    m_amount_yuan Decimal(18, 2) ALIAS price_yuan
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(day)
ORDER BY (day, id, revision, payload_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- The state now: the newest revision of each document (of two payloads under one revision, the first received).
-- Voided documents are in it; whoever counts leaves them out.
CREATE VIEW landing.usedcar_transferred_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.usedcar_transferred FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.usedcar_transferred_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.usedcar_transferred FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
