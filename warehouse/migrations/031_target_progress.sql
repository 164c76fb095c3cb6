-- What departments reported and their leaders approved, newest revision, one row per indicator, period and unit.
CREATE VIEW mart.indicator DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT indicator_code, period, unit_code, value, unit, cumulative, source_note, received_at
FROM landing.indicator_reported_current
WHERE status != 'voided' AND report_state = 'approved';

-- The value of each target by month: counted from a stream since January, or reported.
CREATE VIEW mart.target_actual AS
WITH
    (SELECT toStartOfMonth(newest_day) FROM mart.computed) AS last_month,
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

-- What `huanxin forecast` computed: each target at the end of a year, from the whole months up to `origin`. Every run is kept.
CREATE TABLE mart.target_forecast_run
(
    target LowCardinality(String),
    origin Date,                  -- the first day of the last month it was made from
    year UInt16,                  -- the year's total, or for a level its December
    forecast Float64,             -- the median of the simulated paths
    low Float64,
    high Float64,
    coverage Float64,             -- share of the paths between low and high
    model LowCardinality(String),
    library LowCardinality(String),
    library_version LowCardinality(String),
    months UInt16,                -- how many months it was fitted to
    computed_at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (target, origin, year, computed_at);

CREATE VIEW mart.target_forecast DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.target_forecast_run
ORDER BY target, origin, year, computed_at DESC
LIMIT 1 BY target, origin, year;

-- mart.target_progress: one row per target and month. Amounts count from January to the month's end; the path is the year's
-- factor times the baseline, in proportion to the time gone (序时进度): whole months, and of the open month the days there are
-- data for. A level is compared with a straight line to 2027. The forecast is the newest made from months up to this one.
CREATE VIEW mart.target_progress AS
WITH (SELECT newest_day FROM mart.computed) AS last_day
SELECT
    target,
    formatDateTime(month, '%Y-%m') AS period,
    actual,
    baseline,
    multiIf(
        kind = 'level', baseline + (goal_2027 - baseline) * toDecimal64(dateDiff('month', toDate('2023-12-01'), month) - 1 + gone, 4) / 48,
        factor > 0, baseline * factor * toDecimal64(toMonth(month) - 1 + gone, 4) / 12,
        NULL) AS path,
    if(path > 0, toFloat64(actual) / toFloat64(path), NULL) AS ratio,
    forecast_2027,
    baseline_source,
    as_of,
    forecast_low,
    forecast_high,
    forecast_model,
    open
FROM
(
    SELECT
        a.target AS target, a.month AS month, a.actual AS actual, t.kind AS kind, t.goal_2027 AS goal_2027,
        if(b.target = '', NULL, b.baseline) AS baseline,
        b.baseline_source AS baseline_source,
        t.path_factors[indexOf(t.path_years, toYear(a.month))] AS factor,
        -- Only what streams count stands in a month still open; what is reported is reported for the whole month.
        t.kind = 'stream' AND toLastDayOfMonth(a.month) > last_day AS open,
        if(open, greatest(0, dateDiff('day', a.month, last_day) + 1) / toDayOfMonth(toLastDayOfMonth(a.month)), 1) AS gone,
        if(f.target = '' OR t.kind = 'trend', NULL, f.forecast) AS forecast_2027,
        if(f.target = '' OR t.kind = 'trend', NULL, f.low) AS forecast_low,
        if(f.target = '' OR t.kind = 'trend', NULL, f.high) AS forecast_high,
        if(f.target = '' OR t.kind = 'trend', '', f.model) AS forecast_model,
        (SELECT as_of FROM mart.computed) AS as_of
    FROM mart.target_actual AS a
    INNER JOIN mart.target AS t ON t.target = a.target
    LEFT JOIN mart.target_baseline AS b ON b.target = a.target
    ASOF LEFT JOIN (SELECT * FROM mart.target_forecast WHERE year = 2027) AS f ON f.target = a.target AND f.origin <= a.month
);

-- The other ways a target is counted: T4 by where the recycler is and by where the car was registered, T6 in pieces and in tonnes.
-- Their baseline is this platform's own count of 2023, and empty where 2023 is not whole here.
CREATE VIEW mart.target_count_progress AS
WITH
    counted AS
    (
        SELECT
            c.target AS target, c.counting AS counting, c.title AS title, c.unit AS unit, toStartOfMonth(d.day) AS month,
            toFloat64(if(c.measure = 'tonnes', sum(d.net_kg) / 1000, sum(d.pieces))) AS alone
        FROM mart.target_count AS c
        INNER JOIN mart.daily AS d ON d.stream = c.stream
        WHERE d.day >= toDate('2023-01-01') AND has(c.categories, d.category)
        GROUP BY target, counting, title, unit, c.measure, month
    ),
    base AS
    (
        SELECT target, counting, sum(alone) AS baseline
        FROM counted WHERE toYear(month) = 2023 GROUP BY target, counting HAVING count() = 12
    )
SELECT
    c.target AS target, c.counting AS counting, c.title AS title, c.unit AS unit, formatDateTime(c.month, '%Y-%m') AS period,
    c.alone AS month_alone,
    sum(c.alone) OVER (PARTITION BY c.target, c.counting, toYear(c.month) ORDER BY c.month) AS actual,
    if(b.target = '', NULL, b.baseline) AS baseline,
    if(b.target = '', '', '本平台2023年单据计数') AS baseline_source
FROM counted AS c
LEFT JOIN base AS b ON b.target = c.target AND b.counting = c.counting;
