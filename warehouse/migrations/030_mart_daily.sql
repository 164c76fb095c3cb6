-- One cell is a stream's day; a recompute writes all its rows at once, and those a correction emptied as zeros.
-- The version is the offset of the touched message that asked for it: one cell always lies in one partition, so the later
-- recompute wins, with no clock.
CREATE TABLE mart.daily_cell
(
    stream LowCardinality(String),
    day Date,
    department LowCardinality(String),
    town String,
    category String,
    events Int64,
    pieces Int64,
    net_kg Decimal(18, 2),
    amount_yuan Decimal(18, 2),
    version UInt64,
    computed_at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day)
ORDER BY (stream, day, department, town, category);

CREATE VIEW mart.daily DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT stream, day, department, town, category, events, pieces, net_kg, amount_yuan
FROM mart.daily_cell FINAL
WHERE events != 0;

-- When the cells were last computed, and the newest day any stream has: the same for every reader, whoever's rows it sees.
CREATE VIEW mart.computed DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT max(computed_at) AS as_of, maxIf(day, stream != 'indicator.reported' AND events != 0) AS newest_day FROM mart.daily_cell FINAL;
