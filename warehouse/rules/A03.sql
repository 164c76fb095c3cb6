-- id: A03
-- name: 同一车辆有两张有效回收证明
-- severity: R
-- recipients: [县科技局, 县公安局]
-- key: [vin]
-- tolerance: {}
-- in_force: {from: 2010-01-01, to: null}
-- deadline_days: 5
-- source: 一车一证；补发的证明注明所替代的原编号，不计
-- evidence: {vin: VIN(脱敏), live: 有效证明编号, recyclers: 回收企业, first_issued_on: 最早开具日期, last_issued_on: 最近开具日期}
-- question: 车辆{vin}在{first_issued_on}至{last_issued_on}间有多张有效回收证明（{live}），请核实是否补发未注明原编号，或一车重复回收？
-- advice: 向各回收企业核对交车记录与照片；属补发的更正证明并注明原编号，属误开的作废其一。
SELECT
    concat('vin:', lower(hex(vin_token))) AS case_key,
    last_issued_on AS judged_on,
    0 AS amount_yuan,
    events, vin, recyclers, first_issued_on, last_issued_on,
    arraySort(arrayFilter(n -> NOT has(replaced, n), numbers)) AS live
FROM
(
    SELECT
        vin_token,
        min(vin_masked) AS vin,
        groupUniqArray(cert_no) AS numbers,
        groupUniqArray(ifNull(replaces_cert_no, '')) AS replaced,
        arraySort(groupUniqArray(recycler)) AS recyclers,
        min(issued_on) AS first_issued_on,
        max(issued_on) AS last_issued_on,
        arraySort(groupArray(event)) AS events
    FROM certificate
    GROUP BY vin_token
    HAVING length(numbers) > 1
)
WHERE length(live) > 1
