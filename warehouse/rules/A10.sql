-- id: A10
-- name: 旧车持有时间不足
-- severity: O
-- recipients: [县公安局, 县科技局]
-- key: [apply]
-- tolerance: {days: 90}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 报废更新细则的持有截止日（mart.subsidy_rule）；交车前不足90日转入的一并提示
-- evidence: {apply_no: 申请编号, old_vin: 旧车VIN(脱敏), transferred_on: 最近转让登记日期, handed_over_on: 交车日期, held_days: 持有天数, held_before: 持有截止日, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的旧车{old_vin}于{transferred_on}转让登记、{handed_over_on}交车（持有{held_days}日，持有截止日{held_before}），请核实是否符合持有要求？
-- advice: 核对转让登记与申请人；继承、夫妻更名等情形附证明材料；确不符合的追回。
WITH versions AS (SELECT version, max(held_before) AS held_before FROM subsidy_rule GROUP BY version)
SELECT
    d.case_key AS case_key,
    d.first_paid_on AS judged_on,
    d.net_yuan AS amount_yuan,
    arraySort(arrayConcat(d.events, [c.event, t.event])) AS events,
    d.apply_no AS apply_no,
    ifNull(d.old_vin_masked, '') AS old_vin,
    t.transferred_on AS transferred_on,
    c.handed_over_on AS handed_over_on,
    dateDiff('day', t.transferred_on, c.handed_over_on) AS held_days,
    v.held_before AS held_before,
    d.net_yuan AS net_yuan
FROM due AS d
INNER JOIN
(
    SELECT vin_token, event, handed_over_on FROM certificate ORDER BY issued_on, event LIMIT 1 BY vin_token
) AS c ON c.vin_token = d.old_vin_token
INNER JOIN
(
    SELECT t.vin_token AS vin_token, max(t.transferred_on) AS transferred_on, argMax(t.event, (t.transferred_on, t.event)) AS event
    FROM transfer AS t
    INNER JOIN (SELECT vin_token, min(handed_over_on) AS handed_over_on FROM certificate GROUP BY vin_token) AS c
        ON c.vin_token = t.vin_token
    WHERE t.transferred_on <= c.handed_over_on
    GROUP BY t.vin_token
) AS t ON t.vin_token = d.old_vin_token
LEFT JOIN versions AS v ON v.version = d.version
WHERE d.item_code = 'car_scrap' AND d.net_yuan > 0
    AND (t.transferred_on > ifNull(v.held_before, toDate('2149-06-06')) OR dateDiff('day', t.transferred_on, c.handed_over_on) < {days})
