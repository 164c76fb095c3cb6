-- The matrix of tasks kept ready too, recounted every ten seconds: the page of the tasks asks it a dozen times, and each time it was
-- counted from a dozen nested views, for a seventh of a second, whatever it holds. A row is one department's, as what it is counted
-- from is, so a department reads its own rows of it.
RENAME TABLE mart.task_matrix TO mart.task_matrix_counted;

CREATE TABLE mart.task_matrix_row
(
    task UInt8,
    slug LowCardinality(String),
    lead_department String,
    department String,
    measure LowCardinality(String),
    period String,
    value Nullable(Decimal(18, 4)),
    due Date,
    overdue Nullable(UInt32),
    title String,
    measure_title String,
    unit LowCardinality(String),
    reported_on Nullable(Date),
    state String,
    cooperating_departments Array(String),
    due_source String
)
ENGINE = MergeTree
ORDER BY (task, measure, department, period);

CREATE MATERIALIZED VIEW mart.task_matrix_refresh REFRESH EVERY 10 SECOND TO mart.task_matrix_row
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.task_matrix_counted;

CREATE VIEW mart.task_matrix DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.task_matrix_row;
