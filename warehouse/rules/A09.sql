-- id: A09
-- name: 旧车注册日期不符合补贴条件
-- severity: R
-- recipients: [县科技局, 县公安局]
-- key: [apply]
-- tolerance:
--   certificate_petrol: ["1"]
--   certificate_nev: ["8", "9", A]
--   police_petrol: [A]
--   police_nev: [C, O, P]
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 汽车报废更新细则的旧车注册截止日（mart.subsidy_rule），按燃料种类；回收证明与注销证明的燃料代码不同，分别对照；0日容差
-- evidence: {apply_no: 申请编号, old_vin: 旧车VIN(脱敏), first_registered_on: 初次注册日期, fuel: 燃料类别, cutoff: 截止日期, standard: 适用标准, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的旧车{old_vin}（{fuel}）于{first_registered_on}初次注册，晚于{standard}的截止日{cutoff}，已净拨付{net_yuan}元，请核实是否符合条件？
-- advice: 向车管部门核对初次注册日期、燃料种类与排放阶段；登记有误的更正，确不符合条件的追回。
WITH
    versions AS
    (
        SELECT version, max(petrol_until) AS petrol, max(other_until) AS other, max(nev_until) AS nev
        FROM subsidy_rule GROUP BY version HAVING petrol IS NOT NULL
    )
SELECT
    d.case_key AS case_key,
    d.first_paid_on AS judged_on,
    d.net_yuan AS amount_yuan,
    arraySort(arrayFilter(e -> e != '', arrayConcat(d.events, [c.event, p.event]))) AS events,
    d.apply_no AS apply_no,
    ifNull(d.old_vin_masked, '') AS old_vin,
    if(c.found, c.first_registered_on, p.first_registered_on) AS first_registered_on,
    multiIf(
        c.found AND c.fuel_code IN {certificate_petrol} OR NOT c.found AND p.fuel_code IN {police_petrol}, '汽油',
        c.found AND c.fuel_code IN {certificate_nev} OR NOT c.found AND p.fuel_code IN {police_nev}, '新能源',
        '柴油及其他') AS fuel,
    multiIf(fuel = '汽油', v.petrol, fuel = '新能源', v.nev, v.other) AS cutoff,
    d.version AS standard,
    d.net_yuan AS net_yuan
FROM due AS d
INNER JOIN versions AS v ON v.version = d.version
LEFT JOIN
(
    SELECT true AS found, vin_token, event, first_registered_on, fuel_code FROM certificate ORDER BY issued_on DESC, event LIMIT 1 BY vin_token
) AS c ON c.vin_token = d.old_vin_token
LEFT JOIN
(
    SELECT true AS found, vin_token, event, first_registered_on, fuel_code
    FROM deregistration ORDER BY cancelled_on DESC, event LIMIT 1 BY vin_token
) AS p ON p.vin_token = d.old_vin_token
WHERE d.item_code = 'car_scrap' AND d.net_yuan > 0 AND (c.found OR p.found) AND first_registered_on > cutoff
