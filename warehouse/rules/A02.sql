-- id: A02
-- name: 有回收证明而逾期未注销
-- severity: O
-- recipients: [县公安局, 县科技局]
-- key: [vin]
-- tolerance: {days: 30}
-- in_force: {from: 2010-01-01, to: null}
-- deadline_days: 10
-- silence_days: 30
-- source: 回收证明开具后应办理注销登记；超过30日未注销的提示
-- evidence: {vin: VIN(脱敏), certificates: 回收证明编号, issued_on: 证明开具日期, expected_by: 应注销日期, recycler: 回收企业}
-- question: 车辆{vin}于{issued_on}开具回收证明（{recycler}），至{expected_by}仍无注销登记，请核实是否漏办、晚报或车辆仍在使用？
-- advice: 车管部门查该车登记状态；已注销的补报注销信息，补报后本条自动销号；未注销的通知车主或回收企业办理。
SELECT
    concat('vin:', lower(hex(c.vin_token))) AS case_key,
    min(c.issued_on) AS issued_on,
    issued_on AS judged_on,
    0 AS amount_yuan,
    arraySort(groupArray(c.event)) AS events,
    any(c.vin_masked) AS vin,
    arraySort(groupUniqArray(c.cert_no)) AS certificates,
    issued_on + {days} AS expected_by,
    min(c.recycler) AS recycler
FROM certificate AS c
WHERE c.vin_token NOT IN (SELECT vin_token FROM deregistration)
GROUP BY c.vin_token
HAVING expected_by < {today}
