-- id: A21
-- name: 报废车过磅总重与整备质量不符
-- severity: O
-- recipients: [县科技局, 县供销联社]
-- key: [recycler]
-- tolerance: {least: 0.7, most: 1.1, cars: 3}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- source: 回收企业每月报废汽车过磅净重合计与所开证明整备质量合计之比应在{least}至{most}之间;不足{cars}辆的月份不判
-- evidence: {recycler: 回收企业, month: 月份, cars: 证明车辆数, kerb_kg: 整备质量合计(kg), tickets: 过磅单数, net_kg: 过磅净重合计(kg), ratio: 比值}
-- question: 回收企业{recycler}在{month}开具证明{cars}辆、整备质量合计{kerb_kg}公斤,过磅净重合计{net_kg}公斤,比值{ratio},请核实是否有车未过磅、重复开证或过磅失实?
-- advice: 逐车核对证明与磅单;先查有证明而无磅单的车辆,再查同车两次过磅;必要时校验地磅。
WITH
    -- A car whose certificate was reissued is one car.
    certified AS
    (
        SELECT recycler_uscc, formatDateTime(handed_over_on, '%Y-%m') AS month, vin_token, max(kerb_kg) AS kerb, any(recycler) AS name,
            max(issued_on) AS last_on, groupArray(event) AS events
        FROM certificate
        GROUP BY recycler_uscc, month, vin_token
    ),
    weighed AS
    (
        SELECT site_uscc, formatDateTime(day, '%Y-%m') AS month, sum(net_kg) AS net, count() AS tickets, groupArray(event) AS events
        FROM weighing
        WHERE category = '报废汽车' AND direction = '收' AND site_uscc IS NOT NULL
        GROUP BY site_uscc, month
    )
SELECT
    concat('recycler:', c.recycler_uscc, '/', c.month) AS case_key,
    max(c.last_on) AS judged_on,
    0 AS amount_yuan,
    arraySort(arrayConcat(arrayFlatten(groupArray(c.events)), any(w.events))) AS events,
    min(c.name) AS recycler,
    c.month AS month,
    count() AS cars,
    sum(c.kerb) AS kerb_kg,
    any(w.tickets) AS tickets,
    any(w.net) AS net_kg,
    round(toFloat64(net_kg) / toFloat64(kerb_kg), 3) AS ratio
FROM certified AS c
LEFT JOIN weighed AS w ON w.site_uscc = c.recycler_uscc AND w.month = c.month
GROUP BY c.recycler_uscc, c.month
HAVING cars >= {cars} AND kerb_kg > 0 AND (toFloat64(net_kg) < {least} * toFloat64(kerb_kg) OR toFloat64(net_kg) > {most} * toFloat64(kerb_kg))
