-- id: A23
-- name: 同一货车皮重漂移
-- severity: O
-- recipients: [县科技局, 县供销联社]
-- key: [truck]
-- tolerance: {share: 0.05, tickets: 5}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- source: 同一货车每次皮重与其皮重中位数相差不超过{share};不足{tickets}单的不判
-- evidence: {truck: 车牌(脱敏), tickets: 磅单数, median_kg: 皮重中位数(kg), odd_tickets: 异常磅单, odd_tare_kg: 异常皮重(kg)}
-- question: 货车{truck}共{tickets}单,皮重中位数{median_kg}公斤,磅单{odd_tickets}的皮重为{odd_tare_kg}公斤,请核实是否改装、带物过皮或人为调整皮重?
-- advice: 调取异常磅单的监控,重新称皮;更换车辆或加装的补充说明。
SELECT
    concat('truck:', lower(hex(truck_plate_token))) AS case_key,
    max(day) AS judged_on,
    sumIf(amount_yuan, odd) AS amount_yuan,
    arraySort(groupArrayIf(event, odd)) AS events,
    min(truck_plate_masked) AS truck,
    count() AS tickets,
    any(median) AS median_kg,
    arraySort(groupArrayIf(concat(site_id, '/', ticket_no), odd)) AS odd_tickets,
    arraySort(groupArrayIf(toFloat64(tare_kg), odd)) AS odd_tare_kg
FROM
(
    SELECT *, quantileExact(0.5)(tare_kg) OVER (PARTITION BY truck_plate_token) AS median,
        abs(toFloat64(tare_kg) - toFloat64(median)) > {share} * toFloat64(median) AS odd
    FROM weighing
)
GROUP BY truck_plate_token
HAVING tickets >= {tickets} AND countIf(odd) > 0
