-- id: A32
-- name: 货车不属补贴范围
-- severity: R
-- recipients: [县交通局, 县公安局]
-- key: [apply]
-- tolerance: {use: F, fuel: B, stage4_from: "2025-03-01", newer: [国五, 国六]}
-- in_force: {from: 2024-07-31, to: null}
-- deadline_days: 5
-- source: 2024年补贴国三及以下营运柴油货车;国四自2025年3月起
-- evidence: {apply_no: 申请编号, old_vin: 旧车VIN(脱敏), use_code: 使用性质, fuel_code: 燃料种类, emission_stage: 排放阶段, applied_on: 申请日期, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的旧车{old_vin}登记为使用性质{use_code}、燃料{fuel_code}、排放{emission_stage},申请日期{applied_on},请核实是否属于老旧营运柴油货车?
-- advice: 核对道路运输证与机动车登记信息;登记有误的由车管更正,更正后本条自动销号。
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    arraySort(arrayConcat(a.events, [d.event])) AS events,
    a.apply_no AS apply_no,
    ifNull(a.old_vin_masked, '') AS old_vin,
    d.use_code AS use_code,
    d.fuel_code AS fuel_code,
    d.emission_stage AS emission_stage,
    a.applied_on AS applied_on,
    a.net_yuan AS net_yuan
FROM (SELECT * FROM application WHERE item_code = 'truck' AND net_yuan > 0) AS a
INNER JOIN
(
    SELECT vin_token, event, toString(use_code) AS use_code, toString(fuel_code) AS fuel_code, toString(emission_stage) AS emission_stage
    FROM deregistration ORDER BY cancelled_on DESC, event LIMIT 1 BY vin_token
) AS d ON d.vin_token = a.old_vin_token
WHERE d.use_code != {use} OR d.fuel_code != {fuel} OR d.emission_stage IN {newer}
    OR (d.emission_stage = '国四' AND a.applied_on < toDate({stage4_from}))
