-- cases: the documents as supervision reads them: the newest revision of each, and which cases each belongs to. Fed by
-- materialised views that copy and never aggregate, so a resend or a rewind lands on the same row.
CREATE DATABASE IF NOT EXISTS cases ENGINE = Atomic;

-- Which documents belong to a case: a document's row stays under every key that any of its revisions had, so that a case which
-- a correction took it from is found too. Whoever reads looks the documents up and judges them by their newest revision.
CREATE TABLE cases.link
(
    stream LowCardinality(String),
    key String,                     -- kind:value, such as vin:<token>, apply:<number>
    day Date,
    id FixedString(16)
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, key, day, id)
SETTINGS index_granularity = 1024;

CREATE MATERIALIZED VIEW cases.certificate_link TO cases.link AS
SELECT 'certificate' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.scrappage_certified;

CREATE MATERIALIZED VIEW cases.deregistration_link TO cases.link AS
SELECT 'deregistration' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.scrappage_deregistered;

CREATE MATERIALIZED VIEW cases.transfer_link TO cases.link AS
SELECT 'transfer' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.usedcar_transferred;

CREATE MATERIALIZED VIEW cases.weighing_link TO cases.link AS
SELECT 'weighing' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.recycling_weighed;

CREATE MATERIALIZED VIEW cases.payout_link TO cases.link AS
SELECT 'payout' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.subsidy_paid;

CREATE MATERIALIZED VIEW cases.newcar_link TO cases.link AS
SELECT 'newcar' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.newcar_registered;

CREATE MATERIALIZED VIEW cases.indicator_link TO cases.link AS
SELECT 'indicator' AS stream, arrayJoin(case_keys) AS key, day, id FROM landing.indicator_reported;

CREATE MATERIALIZED VIEW cases.certificate_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.scrappage_certified;

CREATE MATERIALIZED VIEW cases.deregistration_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.scrappage_deregistered;

CREATE MATERIALIZED VIEW cases.transfer_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.usedcar_transferred;

CREATE MATERIALIZED VIEW cases.weighing_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.recycling_weighed;

CREATE MATERIALIZED VIEW cases.payout_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.subsidy_paid;

CREATE MATERIALIZED VIEW cases.newcar_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.newcar_registered;

CREATE MATERIALIZED VIEW cases.indicator_row
ENGINE = ReplacingMergeTree(version) PARTITION BY toYear(day) ORDER BY (day, id) SETTINGS index_granularity = 1024 AS
SELECT * EXCEPT (payload_hash, schema_version, kafka_partition, kafka_offset),
    -- The highest revision wins; of two payloads under one revision the first received, and of those the lesser hash.
    toUInt128(revision) * toUInt128('79228162514264337593543950336')
        + toUInt128(281474976710655 - toUnixTimestamp64Milli(received_at)) * toUInt128('281474976710656')
        + toUInt128(281474976710655 - bitShiftRight(reinterpretAsUInt64(reverse(substring(payload_hash, 1, 8))), 16)) AS version
FROM landing.indicator_reported;

-- The relations that a rule is written on, by the names it uses: what is not voided, with its event's id.
CREATE VIEW cases.certificate AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.certificate_row FINAL WHERE status != 'voided';

CREATE VIEW cases.deregistration AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.deregistration_row FINAL WHERE status != 'voided';

CREATE VIEW cases.transfer AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.transfer_row FINAL WHERE status != 'voided';

CREATE VIEW cases.weighing AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.weighing_row FINAL WHERE status != 'voided';

CREATE VIEW cases.payout AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.payout_row FINAL WHERE status != 'voided';

CREATE VIEW cases.newcar AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.newcar_row FINAL WHERE status != 'voided';

CREATE VIEW cases.indicator AS
SELECT * EXCEPT version, concat(formatDateTime(day, '%Y%m%d'), '-', lower(hex(id)), '-', toString(revision)) AS event
FROM cases.indicator_row FINAL WHERE status != 'voided';
