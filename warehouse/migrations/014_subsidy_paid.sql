-- 补贴拨付: subsidy.paid, version 1.
CREATE TABLE landing.subsidy_paid
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
    pay_no String,
    paid_at DateTime64(3, 'Asia/Shanghai'),
    apply_no String,
    batch_no String,
    original_pay_no Nullable(String),
    payout_kind LowCardinality(String),
    item_code LowCardinality(String),
    rule_version String,
    amount_yuan Decimal(18, 2),
    pay_result LowCardinality(String),
    confirmed_at Nullable(DateTime64(3, 'Asia/Shanghai')),
    applied_on Date,
    reviewed_on Nullable(Date),
    fund_source LowCardinality(String),
    budget_subject String,
    remark Nullable(String),
    payee_token FixedString(16),
    payee_masked String,
    account_token FixedString(16),
    account_masked String,
    account_kind LowCardinality(String),
    bank String,
    applicant_token FixedString(16),
    applicant_masked String,
    applicant_id_token Nullable(FixedString(16)),
    applicant_id_masked Nullable(String),
    phone_token Nullable(FixedString(16)),
    phone_masked Nullable(String),
    agent_token Nullable(FixedString(16)),
    agent_masked Nullable(String),
    agent_phone_token Nullable(FixedString(16)),
    agent_phone_masked Nullable(String),
    address_token Nullable(FixedString(16)),
    address_masked Nullable(String),
    old_vin_token Nullable(FixedString(16)),
    old_vin_masked Nullable(String),
    new_vin_token Nullable(FixedString(16)),
    new_vin_masked Nullable(String),
    cert_no Nullable(String),
    invoice_no Nullable(String),
    goods_category LowCardinality(Nullable(String)),
    serial_no Nullable(String),
    sku Nullable(String),
    energy_grade LowCardinality(Nullable(String)),
    merchant_uscc Nullable(String),
    price_yuan Nullable(Decimal(18, 2)),
    registered_price_yuan Nullable(Decimal(18, 2)),
    purchased_on Nullable(Date),
    town String,
    applicant_check LowCardinality(String),
    -- The earliest arrival wins among resends of one revision: the merge keeps the highest precedence.
    precedence UInt64 MATERIALIZED 18446744073709551615 - toUnixTimestamp64Milli(received_at),
    -- The cases that the document belongs to, as `kind:value`; one absent value makes no key.
    case_keys Array(String) ALIAS arrayFilter(k -> notEmpty(k), [
        concat('apply:', apply_no),
        ifNull(concat('vin:', lower(hex(old_vin_token))), ''),
        ifNull(concat('vin:', lower(hex(new_vin_token))), ''),
        ifNull(concat('cert:', cert_no), ''),
        ifNull(concat('invoice:', invoice_no), ''),
        ifNull(concat('serial:', serial_no), ''),
        ifNull(concat('person:', lower(hex(applicant_id_token))), ''),
        if(account_kind = '商户', '', concat('account:', lower(hex(account_token)))),
        ifNull(concat('phone:', lower(hex(phone_token))), ''),
        ifNull(concat('phone:', lower(hex(agent_phone_token))), ''),
        ifNull(concat('address:', lower(hex(address_token))), ''),
        ifNull(concat('sku:', merchant_uscc, '/', sku), '')]),
    -- What mart.daily counts of one document.
    m_town String ALIAS town,
    m_category String ALIAS item_code,
    m_pieces Int64 ALIAS 0,
    m_net_kg Decimal(18, 2) ALIAS 0,
    m_amount_yuan Decimal(18, 2) ALIAS if(pay_result = '成功', amount_yuan, 0)
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYear(day)
ORDER BY (day, id, revision, payload_hash)
SETTINGS non_replicated_deduplication_window = 1000;

-- The state now: the newest revision of each document (of two payloads under one revision, the first received).
-- Voided documents are in it; whoever counts leaves them out.
CREATE VIEW landing.subsidy_paid_current AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.subsidy_paid FINAL
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;

-- The state as of a moment: the newest revision received by then.
CREATE VIEW landing.subsidy_paid_as_of AS
SELECT *, m_town, m_category, m_pieces, m_net_kg, m_amount_yuan
FROM landing.subsidy_paid FINAL
WHERE received_at <= {as_of:DateTime64(3)}
ORDER BY day, id, revision DESC, received_at, payload_hash
LIMIT 1 BY day, id;
