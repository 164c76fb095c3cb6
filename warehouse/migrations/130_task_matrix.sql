-- The 15 tasks of the plan, from warehouse/reference/tasks.yaml; each load is an edition, readers see the newest whole one.
CREATE TABLE mart.task_edition
(
    edition UInt64,
    task UInt8,
    slug LowCardinality(String),
    title String,
    lead_departments Array(String),
    cooperating_departments Array(String),
    source String
)
ENGINE = MergeTree
ORDER BY (edition, task);

CREATE VIEW mart.task DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.task_edition WHERE edition = (SELECT max(edition) FROM mart.task_edition);

-- What is measured of each task, who reports it, and by when. A department may report under any of its names (县卫健局 = 县卫健委).
CREATE TABLE mart.task_measure_edition
(
    edition UInt64,
    task UInt8,
    measure LowCardinality(String),     -- the indicator's code
    title String,
    unit LowCardinality(String),
    department String,
    names Array(String),
    first_period Date,
    due_day UInt8,                      -- of the month after the period
    source String,
    due_source String
)
ENGINE = MergeTree
ORDER BY (edition, task, measure);

CREATE VIEW mart.task_measure DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.task_measure_edition WHERE edition = (SELECT max(edition) FROM mart.task_measure_edition);

-- When each indicator was first handed in and what was approved. Handing in counts for the date, approval for the value.
CREATE VIEW mart.indicator_handed_in DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT indicator_code, period, unit_code, toDate(min(reported_at)) AS reported_on
FROM landing.indicator_reported FINAL
WHERE status != 'voided' AND report_state IN ('submitted', 'approved')
GROUP BY indicator_code, period, unit_code;

-- mart.task_matrix: one row per task, measure and month since the plan. `overdue` is days: of a report handed in late, how late
-- it was; of one still missing, how long it has been missing on the newest day any stream has (never after today).
CREATE VIEW mart.task_matrix AS
WITH
    (SELECT least(newest_day, today()) FROM mart.computed) AS data_day,
    owed AS
    (
        SELECT m.*, arrayJoin(arrayMap(i -> addMonths(m.first_period, i), range(toUInt64(greatest(0, dateDiff('month', m.first_period, data_day) + 1))))) AS month,
            addDays(addMonths(month, 1), m.due_day - 1) AS due
        FROM mart.task_measure AS m
    ),
    handed_in AS
    (
        SELECT m.measure AS measure, m.department AS department, toDate(concat(h.period, '-01')) AS month, min(h.reported_on) AS reported_on
        FROM (SELECT DISTINCT measure, department, names FROM mart.task_measure) AS m
        INNER JOIN mart.indicator_handed_in AS h ON h.indicator_code = m.measure
        WHERE has(m.names, h.unit_code) AND length(h.period) = 7
        GROUP BY measure, department, month
    ),
    approved AS
    (
        SELECT m.measure AS measure, m.department AS department, toDate(concat(i.period, '-01')) AS month, argMax(i.value, i.received_at) AS value
        FROM (SELECT DISTINCT measure, department, names FROM mart.task_measure) AS m
        INNER JOIN mart.indicator AS i ON i.indicator_code = m.measure
        WHERE has(m.names, i.unit_code) AND length(i.period) = 7
        GROUP BY measure, department, month
    )
SELECT
    o.task AS task,
    t.slug AS slug,
    arrayStringConcat(t.lead_departments, '、') AS lead_department,
    o.department AS department,
    o.measure AS measure,
    formatDateTime(o.month, '%Y-%m') AS period,
    if(a.measure = '', NULL, a.value) AS value,
    o.due AS due,
    toUInt32(greatest(0, dateDiff('day', o.due, if(h.measure = '', data_day, h.reported_on)))) AS overdue,
    t.title AS title,
    o.title AS measure_title,
    o.unit AS unit,
    if(h.measure = '', NULL, h.reported_on) AS reported_on,
    multiIf(
        h.measure = '' AND overdue > 0, '逾期未报',
        h.measure = '', '未到期',
        overdue > 0, '逾期报送',
        a.measure = '', '已报待审',
        '按时报送') AS state,
    t.cooperating_departments AS cooperating_departments,
    o.due_source AS due_source
FROM owed AS o
INNER JOIN mart.task AS t ON t.task = o.task
LEFT JOIN handed_in AS h ON h.measure = o.measure AND h.department = o.department AND h.month = o.month
LEFT JOIN approved AS a ON a.measure = o.measure AND a.department = o.department AND a.month = o.month;
