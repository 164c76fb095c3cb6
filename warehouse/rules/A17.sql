-- id: A17
-- name: 补贴新车短期内再转让
-- severity: O
-- recipients: [县公安局, 县科技局]
-- key: [vin]
-- tolerance: {days: 180}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 新车在首次拨付前转让，或注册登记后不足180日转让
-- evidence: {new_vin: 新车VIN(脱敏), applications: 申请编号, registered_on: 注册登记日期, transferred_on: 转让登记日期, kept_days: 注册至转让天数, first_paid_on: 首次拨付日期, net_yuan: 净拨付金额(元)}
-- question: 新车{new_vin}于{registered_on}注册、{transferred_on}即转让（持有{kept_days}日，首次拨付{first_paid_on}），已净拨付{net_yuan}元，请核实是否真实购买使用？
-- advice: 核对转让的受让人与价格；退车、继承等情形附材料；以套取补贴为目的的追回。
SELECT
    concat('vin:', lower(hex(a.token))) AS case_key,
    a.first_paid AS judged_on,
    a.net AS amount_yuan,
    arraySort(arrayConcat(a.all_events, [n.event, t.event])) AS events,
    a.new_vin AS new_vin,
    a.applications AS applications,
    n.registered_on AS registered_on,
    t.transferred_on AS transferred_on,
    dateDiff('day', n.registered_on, t.transferred_on) AS kept_days,
    a.first_paid AS first_paid_on,
    a.net AS net_yuan
FROM
(
    SELECT
        new_vin_token AS token, min(first_paid_on) AS first_paid, sum(net_yuan) AS net, arrayFlatten(groupArray(events)) AS all_events,
        min(ifNull(new_vin_masked, '')) AS new_vin, arraySort(groupArray(apply_no)) AS applications
    FROM application
    WHERE net_yuan > 0 AND new_vin_token IN (SELECT vin_token FROM transfer)
    GROUP BY new_vin_token
) AS a
INNER JOIN (SELECT vin_token, event, registered_on FROM newcar ORDER BY registered_on, event LIMIT 1 BY vin_token) AS n ON n.vin_token = a.token
INNER JOIN (SELECT vin_token, event, transferred_on FROM transfer ORDER BY transferred_on, event) AS t ON t.vin_token = a.token
WHERE t.transferred_on >= n.registered_on AND (t.transferred_on < a.first_paid OR kept_days < {days})
ORDER BY t.transferred_on, t.event
LIMIT 1 BY case_key
