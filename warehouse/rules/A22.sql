-- id: A22
-- name: 每辆报废车售出废钢量异常
-- severity: Y
-- recipients: [县科技局]
-- key: [recycler]
-- tolerance: {least: 600, most: 1300, months: 3, cars: 20}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- timer_only: true
-- source: 回收企业连续{months}个月售出废钢与证明车辆数之比应为每辆{least}至{most}公斤;不足{cars}辆的不判
-- evidence: {recycler: 回收企业, month: 截至月份, cars: 三个月证明车辆数, steel_kg: 三个月售出废钢(kg), kg_per_car: 每辆(kg)}
-- question: 回收企业{recycler}截至{month}的三个月开具证明{cars}辆、售出废钢{steel_kg}公斤,每辆{kg_per_car}公斤,请核实是否有车未拆解、废钢去向不明或混入他源?
-- advice: 核对拆解台账、库存与售钢合同;库存积压的注明数量;比值过高的查废钢来源。
WITH
    cars_by_month AS
    (
        SELECT recycler_uscc AS uscc, toStartOfMonth(handed_over_on) AS month, toFloat64(uniqExact(vin_token)) AS cars, 0. AS steel,
            any(recycler) AS name, groupArray(event) AS events
        FROM certificate GROUP BY uscc, month
    ),
    steel_by_month AS
    (
        SELECT assumeNotNull(site_uscc) AS uscc, toStartOfMonth(day) AS month, 0. AS cars, toFloat64(sum(net_kg)) AS steel,
            '' AS name, groupArray(event) AS events
        FROM weighing
        WHERE category = '废钢' AND direction = '售' AND site_uscc IN (SELECT recycler_uscc FROM certificate)
        GROUP BY uscc, month
    ),
    months AS
    (
        -- A month counts for itself and for the windows that end in the following ones, as far as there are cars in those.
        SELECT uscc, addMonths(month, arrayJoin(range({months}))) AS ends, cars, steel, name, events
        FROM (SELECT * FROM cars_by_month UNION ALL SELECT * FROM steel_by_month)
    )
SELECT
    concat('recycler:', uscc, '/', formatDateTime(ends, '%Y-%m')) AS case_key,
    toLastDayOfMonth(ends) AS judged_on,
    0 AS amount_yuan,
    arraySort(arrayFlatten(groupArray(m.events))) AS events,
    max(name) AS recycler,
    formatDateTime(ends, '%Y-%m') AS month,
    sum(m.cars) AS cars,
    sum(m.steel) AS steel_kg,
    round(steel_kg / cars, 1) AS kg_per_car
FROM months AS m
WHERE (uscc, ends) IN (SELECT uscc, month FROM cars_by_month)
GROUP BY uscc, ends
HAVING cars >= {cars} AND (steel_kg < {least} * cars OR steel_kg > {most} * cars)
