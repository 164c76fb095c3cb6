-- 报废机动车回收证明: scrappage.certified, version 1.
CREATE TABLE landing.scrappage_certified
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
    cert_no String,
    issued_on Date,
    replaces_cert_no Nullable(String),
    recycler String,
    recycler_uscc String,
    recycler_division String,
    vin_token FixedString(16),
    vin_masked String,
    plate_token FixedString(16),
    plate_masked String,
    vehicle_class LowCardinality(String),
    use_code LowCardinality(String),
    fuel_code LowCardinality(String),
    model String,
    kerb_kg Decimal(18, 2),
    emission_stage LowCardinality(String),
    first_registered_on Date,
    handed_over_on Date,
    engine_no Nullable(String),
    battery_code Nullable(String),
    owner_token FixedString(16),
    owner_masked String,
    owner_id_token Nullable(FixedString(16)),
    owner_id_masked Nullable(String),
    phone_token Nullable(FixedString(16)),
    phone_masked Nullable(String),
    address_token Nullable(FixedString(16)),
    address_masked Nullable(String),
    town String,
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('vin:', lower(hex(vin_token))),
        concat('cert:', cert_no),
        concat('recycler:', recycler_uscc, '/', formatDateTime(handed_over_on, '%Y-%m'))]),
    -- What mart.daily counts of one document; 140522 is 阳城县, and what lies outside it never counts towards its target.
    m_town String ALIAS town,
    m_category String ALIAS if(recycler_division = '140522', vehicle_class, concat(vehicle_class, '·县外')),
    m_pieces Int64 ALIAS 1,
    m_net_kg Decimal(18, 2) ALIAS 0,
    m_amount_yuan Decimal(18, 2) ALIAS 0
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(day)
ORDER BY (day, id, revision, payload_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- The state now: the newest revision of each document (of two payloads under one revision, the first received).
-- Voided documents are in it; whoever counts leaves them out.
CREATE VIEW landing.scrappage_certified_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.scrappage_certified FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.scrappage_certified_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.scrappage_certified FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
