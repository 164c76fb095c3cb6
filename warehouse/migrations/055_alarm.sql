-- What must not go unnoticed: raised by a worker, open until a person clears it. Raising it again changes nothing.
CREATE TABLE ops.alarm
(
    kind LowCardinality(String),    -- offsets_lost, dead_letters
    topic LowCardinality(String),
    kafka_partition UInt32,
    first_offset UInt64,
    last_offset UInt64,             -- the stretch of the partition that it is about, both ends included
    detail String,                  -- what happened and what to do, in words
    raised_at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3),
    cleared UInt8 DEFAULT 0,
    cleared_by LowCardinality(String) DEFAULT ''
)
ENGINE = ReplacingMergeTree(cleared)
ORDER BY (kind, topic, kafka_partition, first_offset, last_offset);
