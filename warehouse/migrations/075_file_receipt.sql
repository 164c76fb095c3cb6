-- What became of each file that was handed in, one row per time it was read to its end.
-- The same bytes under another name have the same sha256: so a resend is named as one.
CREATE TABLE ops.file_receipt
(
    taken_at DateTime64(3, 'Asia/Shanghai'),
    source LowCardinality(String),
    sha256 FixedString(64),                                 -- hex, of the file's bytes
    name String,
    bytes UInt64,
    accepted UInt64,
    duplicate UInt64,
    rejected UInt64,
    passed_over UInt64,                                     -- totals, notes, repeated headers
    refused UInt32,                                         -- sheets and members that were not read
    rejected_by_reason Map(String, UInt64),
    totals Nested                                           -- control totals of the rows that were taken in or there before
    (
        day Date,                                           -- the business day
        outcome LowCardinality(String),                     -- accepted, duplicate
        events UInt64,
        amount_yuan Decimal(18, 2)                          -- 0 where the type has no amount
    )
)
ENGINE = MergeTree
PARTITION BY toYear(taken_at)
ORDER BY (source, sha256, taken_at);

-- Control totals by source, file and day, to compare with the sender's books.
CREATE VIEW ops.file_total AS
SELECT taken_at, source, name, sha256, totals.day AS day, totals.outcome AS outcome, totals.events AS events,
    totals.amount_yuan AS amount_yuan
FROM ops.file_receipt
ARRAY JOIN totals;
