-- What each run of `huanxin check` found, one row per expectation. (suite, expectation, column) is the same from run to run.
-- Failing rows are counted, not copied: whoever reads operations need not be allowed to read landing rows.
CREATE TABLE ops.expectation_result
(
    run_id UUID,
    run_at DateTime64(3, 'Asia/Shanghai'),
    suite LowCardinality(String),
    table LowCardinality(String),
    expectation LowCardinality(String),
    column LowCardinality(String),          -- empty: about whole rows or the table
    kind LowCardinality(String),            -- the Great Expectations class
    severity LowCardinality(String),        -- critical, warning, info
    success Bool,
    observed String,                        -- the figure looked at, empty where only rows are counted
    unexpected_count Nullable(UInt64),      -- empty where it could not be counted
    error String,                           -- why it could not be asked; such a run is never a success
    title String,
    why String
)
ENGINE = MergeTree
PARTITION BY toYear(run_at)
ORDER BY (run_at, run_id, suite, expectation, column);
