-- Reference data, loaded from YAML files of the tree. Each load is an edition; readers see the newest whole edition,
-- through views that alone they are granted: see warehouse/access/visible.yaml.
CREATE TABLE ops.source_edition
(
    edition UInt64,
    source String,
    department String,
    title String,
    surface LowCardinality(String),
    event_types Array(String),
    expected_every_seconds UInt32,
    synthetic Bool,
    field_names Map(String, String)     -- field of an event → its name in Chinese
)
ENGINE = MergeTree
ORDER BY (edition, source);

CREATE VIEW ops.source DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM ops.source_edition WHERE edition = (SELECT max(edition) FROM ops.source_edition);

CREATE TABLE mart.code_label_edition
(
    edition UInt64,
    stream LowCardinality(String),
    category String,
    label String
)
ENGINE = MergeTree
ORDER BY (edition, stream, category);

CREATE VIEW mart.code_label DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.code_label_edition WHERE edition = (SELECT max(edition) FROM mart.code_label_edition);

CREATE TABLE mart.target_edition
(
    edition UInt64,
    target LowCardinality(String),
    title String,
    unit LowCardinality(String),
    kind LowCardinality(String),        -- stream, indicator_sum, level, trend
    stream LowCardinality(String),      -- for kind stream
    categories Array(String),           -- for kind stream; empty means all
    indicators Array(String),           -- the S5 codes of the value, or of the 2023 baseline
    goal_2027 Nullable(Decimal(18, 4)), -- a multiple of the baseline, or for kind level the level itself
    path_years Array(UInt16),
    path_factors Array(Decimal(18, 4)), -- multiples of the baseline by year
    rule String,                        -- 口径
    source String,
    departments Array(String)           -- whose rows the value is counted from
)
ENGINE = MergeTree
ORDER BY (edition, target);

CREATE VIEW mart.target DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.target_edition WHERE edition = (SELECT max(edition) FROM mart.target_edition);

-- The ways a target is counted, the first of them being the target's own.
CREATE TABLE mart.target_count_edition
(
    edition UInt64,
    target LowCardinality(String),
    counting LowCardinality(String),
    title String,
    unit LowCardinality(String),
    stream LowCardinality(String),
    categories Array(String),
    measure LowCardinality(String)      -- pieces or tonnes
)
ENGINE = MergeTree
ORDER BY (edition, target, counting);

CREATE VIEW mart.target_count DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.target_count_edition WHERE edition = (SELECT max(edition) FROM mart.target_count_edition);
