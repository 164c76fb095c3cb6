-- What departments reported and their leaders approved, newest revision, one row per indicator, period and unit.
CREATE VIEW mart.indicator DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT indicator_code, period, unit_code, value, unit, cumulative, source_note, received_at
FROM landing.indicator_reported_current
WHERE status != 'voided' AND report_state = 'approved';

-- The value of each target by month: counted from a stream since January, or reported.
CREATE VIEW mart.target_actual AS
WITH
    (SELECT toStartOfMonth(max(day)) FROM mart.daily WHERE stream != 'indicator.reported') AS last_month,
    months AS
    (
        SELECT arrayJoin(arrayMap(i -> addMonths(toDate('2023-01-01'), i), range(toUInt64(greatest(0, dateDiff('month', toDate('2023-01-01'), last_month) + 1))))) AS month
    ),
    counted AS
    (
        SELECT t.target AS target, toStartOfMonth(d.day) AS month, sum(d.pieces) AS value
        FROM mart.target AS t
        INNER JOIN mart.daily AS d ON d.stream = t.stream
        WHERE t.kind = 'stream' AND (empty(t.categories) OR has(t.categories, d.category))
        GROUP BY target, month
    )
SELECT t.target AS target, m.month AS month, toDecimal64(sum(if(c.month <= m.month AND toYear(c.month) = toYear(m.month), c.value, 0)), 4) AS actual
FROM mart.target AS t
CROSS JOIN months AS m
LEFT JOIN counted AS c ON c.target = t.target
WHERE t.kind = 'stream'
GROUP BY target, month
UNION ALL
SELECT t.target AS target, toDate(concat(i.period, '-01')) AS month, sum(i.value) AS actual
FROM mart.target AS t
INNER JOIN mart.indicator AS i ON 1
WHERE t.kind != 'stream' AND has(t.indicators, i.indicator_code) AND length(i.period) = 7
GROUP BY target, month
HAVING uniqExact(i.indicator_code) = max(length(t.indicators)); -- a sum with a field not yet reported is no figure

-- The 2023 baseline of each target, from approved indicators of the period 2023, with where each figure comes from.
CREATE VIEW mart.target_baseline AS
SELECT t.target AS target, sum(i.value) AS baseline, arrayStringConcat(arraySort(groupUniqArray(i.source_note)), ';') AS baseline_source
FROM mart.target AS t
INNER JOIN mart.indicator AS i ON 1
WHERE has(t.indicators, i.indicator_code) AND i.period = '2023'
GROUP BY target
HAVING uniqExact(i.indicator_code) = max(length(t.indicators));

-- mart.target_progress: one row per target and month. Amounts count from January to the month's end; the path is the year's
-- factor times the baseline, in proportion to the months gone (序时进度). A level is compared with a straight line to 2027.
-- forecast_2027 is a straight line through the baseline and the last twelve months, and empty before half a year has passed.
-- Where the year before has no months of its own, as in a department's first year of reporting, 2024 takes the baseline evenly.
CREATE VIEW mart.target_progress AS
SELECT
    target,
    formatDateTime(month, '%Y-%m') AS period,
    actual,
    baseline,
    multiIf(
        kind = 'level', baseline + (goal_2027 - baseline) * toDecimal64(elapsed, 4) / 48,
        factor > 0, baseline * factor * toMonth(month) / 12,
        NULL) AS path,
    if(path > 0, toFloat64(actual) / toFloat64(path), NULL) AS ratio,
    multiIf(
        elapsed < 6 OR kind = 'trend', NULL,
        kind = 'level', toFloat64(baseline) + (toFloat64(actual) - toFloat64(baseline)) * 48 / elapsed,
        toFloat64(baseline) + (toFloat64(actual) + rest_of_previous_year - toFloat64(baseline)) * 48 / elapsed) AS forecast_2027,
    baseline_source,
    as_of
FROM
(
    SELECT
        a.target AS target, a.month AS month, a.actual AS actual, t.kind AS kind, t.goal_2027 AS goal_2027,
        if(b.target = '', NULL, b.baseline) AS baseline,
        b.baseline_source AS baseline_source,
        dateDiff('month', toDate('2023-12-01'), a.month) AS elapsed,
        t.path_factors[indexOf(t.path_years, toYear(a.month))] AS factor,
        multiIf(
            countIf(p.target != '' AND toMonth(p.month) IN (12, toMonth(a.month))) = if(toMonth(a.month) = 12, 1, 2),
                toFloat64(sumIf(p.actual, toMonth(p.month) = 12) - sumIf(p.actual, toMonth(p.month) = toMonth(a.month))),
            toYear(a.month) = 2024, toFloat64(baseline) * (12 - toMonth(a.month)) / 12,
            NULL) AS rest_of_previous_year,
        (SELECT max(computed_at) FROM mart.daily_cell) AS as_of
    FROM mart.target_actual AS a
    INNER JOIN mart.target AS t ON t.target = a.target
    LEFT JOIN mart.target_baseline AS b ON b.target = a.target
    LEFT JOIN mart.target_actual AS p ON p.target = a.target AND toYear(p.month) + 1 = toYear(a.month)
    GROUP BY ALL
);
