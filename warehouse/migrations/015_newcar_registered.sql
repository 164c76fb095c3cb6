-- 新车登记: newcar.registered, version 1.
CREATE TABLE landing.newcar_registered
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
    registered_on Date,
    invoice_no String,
    invoiced_on Date,
    invoice_status LowCardinality(String),
    price_yuan Decimal(18, 2),
    tax_yuan Decimal(18, 2),
    seller String,
    seller_uscc String,
    seller_county String,
    vehicle_class LowCardinality(String),
    model String,
    conformity_no String,
    engine_no Nullable(String),
    displacement_ml Int64,
    axles Nullable(Int64),
    emission_stage LowCardinality(Nullable(String)),
    gross_kg Nullable(Decimal(18, 2)),
    fuel_code LowCardinality(String),
    nev_catalogue Bool,
    buyer_token FixedString(16),
    buyer_masked String,
    buyer_id_token Nullable(FixedString(16)),
    buyer_id_masked Nullable(String),
    town String,
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('vin:', lower(hex(vin_token))),
        concat('invoice:', invoice_no)]),
    -- What mart.daily counts of one document.
    m_town String ALIAS town,
    m_category String ALIAS if(nev_catalogue, 'nev', 'fuel'),
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
CREATE VIEW landing.newcar_registered_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.newcar_registered FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.newcar_registered_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.newcar_registered FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
