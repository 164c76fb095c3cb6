-- Rows of a source's database that are no valid events; the newest refusal of a row for a reason stays.
CREATE TABLE ops.refused_row
(
    source LowCardinality(String),
    row_key String,                 -- the table's primary key
    reason LowCardinality(String),
    field String,
    message String,                 -- what is wrong, without the value
    refused_at DateTime64(3, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(refused_at)
ORDER BY (source, row_key, reason, field);
