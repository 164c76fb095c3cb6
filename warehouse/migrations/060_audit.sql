-- Who did what, to which object, with what outcome. Rows are only ever added.
CREATE TABLE ops.audit
(
    at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3),
    actor LowCardinality(String),   -- an account of this platform, or the operating system's user at the command line
    action LowCardinality(String),  -- object kind and verb, such as dead_letter.replay
    object String,                  -- what it was done to; for a dead letter topic/partition/offset
    detail String,                  -- why, or the parameters; never a personal value
    outcome LowCardinality(String)  -- done, refused or failed
)
ENGINE = MergeTree
ORDER BY (at, action);
