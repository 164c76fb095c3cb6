-- One row for each message received, keyed by where it lies in Kafka: a redelivery or a full rewind lands on the same row, so
-- received = stored + duplicate + rejected can be checked by counting, however batches were cut. The append time is in the key
-- because a topic that is deleted and made anew counts its offsets from 0 again.
CREATE TABLE landing.ledger
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    source LowCardinality(String),
    day Date,                       -- the business day; 1970-01-01 where the event could not be read so far
    event UInt64,                   -- hash of (id, revision, payload): equal for resends
    outcome Enum8('stored' = 1, 'rejected' = 2),
    amount_yuan Decimal(18, 2),
    occurred_at DateTime64(3, 'Asia/Shanghai'),
    received_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, kafka_partition, kafka_offset, received_at)
SETTINGS non_replicated_deduplication_window = 1000;

-- What could not be landed, and why. The payload is sealed: only the key's holder can open it.
CREATE TABLE landing.dead_letter
(
    topic LowCardinality(String),
    kafka_partition UInt32,
    kafka_offset UInt64,
    event_type LowCardinality(String),
    source LowCardinality(String),
    event_id String,                -- empty where the envelope could not be read
    stage LowCardinality(String),   -- open, envelope, data
    reason LowCardinality(String),  -- a machine-readable type, such as missing or literal_error
    field String,                   -- dotted path within the envelope
    message String,                 -- what is wrong, without the value
    received_at DateTime64(3, 'Asia/Shanghai'),
    sealed String
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, kafka_partition, kafka_offset, received_at);
