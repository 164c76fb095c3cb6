-- id: A34
-- name: 报送数与平台计算数不符
-- severity: O
-- recipients: [县科技局]
-- key: [indicator]
-- tolerance: {share: 0.02, cars: [K, H, Q, Z, N], appliances: [冰箱, 洗衣机, 电视, 空调, 电脑], county: "140522"}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- timer_only: true
-- source: 部门报送的T4报废汽车、T5二手车、T6废旧家电(自年初累计)与单据计数相差不超过{share};平台无该期单据的不判
-- evidence: {indicator_code: 指标, period: 时期, unit_code: 报送单位, reported: 报送数, counted: 平台计算数, difference: 差额}
-- question: 单位{unit_code}报送{period}{indicator_code}为{reported},平台按单据计为{counted},相差{difference},请核实口径、漏报或重复?
-- advice: 对照口径说明逐月核对;单据迟报的等补报后自动销号;报送有误的更正报送。
WITH
    reported AS
    (
        SELECT event, indicator_code, period, unit_code, toFloat64(value) AS value, cumulative,
            toDate(if(length(period) = 4, concat(period, '-12-01'), concat(period, '-01'))) AS month,
            if(length(period) = 4 OR cumulative, toStartOfYear(month), month) AS since
        FROM indicator
        WHERE indicator_code IN ['T4', 'T5', 'T6'] AND report_state = 'approved'
    ),
    counted AS
    (
        SELECT 'T4' AS code, toStartOfMonth(day) AS month, count() AS pieces
        FROM certificate WHERE vehicle_class IN {cars} AND recycler_division = {county} GROUP BY month
        UNION ALL
        SELECT 'T5', toStartOfMonth(day), count() FROM transfer GROUP BY toStartOfMonth(day)
        UNION ALL
        SELECT 'T6', toStartOfMonth(day), toUInt64(sum(pieces)) FROM weighing
        WHERE direction = '收' AND category IN {appliances} GROUP BY toStartOfMonth(day)
    )
SELECT
    concat('indicator:', r.indicator_code, '/', r.period) AS case_key,
    toLastDayOfMonth(any(r.month)) AS judged_on,
    0 AS amount_yuan,
    [r.event] AS events,
    toString(any(r.indicator_code)) AS indicator_code,
    any(r.period) AS period,
    any(r.unit_code) AS unit_code,
    any(r.value) AS reported,
    sumIf(c.pieces, c.month BETWEEN r.since AND r.month) AS counted,
    reported - counted AS difference
FROM reported AS r
INNER JOIN counted AS c ON c.code = r.indicator_code
GROUP BY r.event, r.indicator_code, r.period
-- A stream that began within the time counted cannot be compared with it.
HAVING min(c.month) <= min(r.since) AND counted > 0 AND abs(difference) > {share} * counted
