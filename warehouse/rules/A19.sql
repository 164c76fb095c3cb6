-- id: A19
-- name: 短期内多次转出转入（疑似零公里二手车）
-- severity: O
-- recipients: [县公安局, 县市场监管局]
-- key: [vin]
-- tolerance: {times: 3, days: 365, km: 100}
-- in_force: {from: 2010-01-01, to: null}
-- deadline_days: 10
-- source: 同一车辆12个月内3次及以上转出或转入，且行驶里程不足100公里
-- evidence: {vin: VIN(脱敏), times: 次数, first_on: 首次日期, last_on: 末次日期, most_km: 最高里程(km), serials: 业务流水号}
-- question: 车辆{vin}在{first_on}至{last_on}间转出转入{times}次、里程最高{most_km}公里，请核实是否以转籍虚增交易量？
-- advice: 核对各次转让的双方与发票；市场监管部门查交易市场台账。
SELECT
    concat('vin:', lower(hex(vin_token))) AS case_key,
    last_on AS judged_on,
    0 AS amount_yuan,
    arraySort(arrayMap(m -> m.2, counted)) AS events,
    vin,
    length(counted) AS times,
    counted[1].1 AS first_on,
    counted[-1].1 AS last_on,
    arrayMax(m -> m.3, counted) AS most_km,
    arraySort(arrayMap(m -> m.4, counted)) AS serials
FROM
(
    SELECT
        vin_token, min(vin_masked) AS vin,
        arraySort(groupArray((transferred_on, event, assumeNotNull(mileage_km), serial_no))) AS moves,
        -- The first places from which so many moves lie within the days; what is shown are all moves of such runs.
        arrayFilter(i -> i + {times} - 1 <= length(moves) AND dateDiff('day', moves[i].1, moves[i + {times} - 1].1) <= {days}, arrayEnumerate(moves)) AS starts,
        arrayFilter((m, i) -> arrayExists(s -> i BETWEEN s AND s + {times} - 1, starts), moves, arrayEnumerate(moves)) AS counted
    FROM transfer
    WHERE in_out IN ('转出', '转入') AND mileage_km < {km}
    GROUP BY vin_token
    HAVING notEmpty(starts)
)
