-- id: A20
-- name: 已补贴报废的旧车又出现登记
-- severity: R
-- recipients: [县公安局]
-- key: [vin]
-- tolerance: {items: [car_scrap, truck]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 领取报废补贴的旧车在开具回收证明或注销（以早者为准）之后，又有转让登记或注册登记
-- evidence: {vin: 旧车VIN(脱敏), applications: 申请编号, ended_on: 报废日期, seen_on: 其后登记日期, seen_as: 登记种类, net_yuan: 净拨付金额(元)}
-- question: 旧车{vin}已于{ended_on}报废并净拨付{net_yuan}元（申请{applications}），{seen_on}又有{seen_as}，请核实车辆是否真实报废？
-- advice: 车管部门核对档案与车架号拓印；回收企业提供拆解影像；未真实报废的追回补贴并移交。
SELECT
    concat('vin:', lower(hex(a.token))) AS case_key,
    s.seen_on AS judged_on,
    a.net AS amount_yuan,
    arraySort(arrayConcat(a.all_events, [s.event], e.ended_events)) AS events,
    a.vin AS vin,
    a.applications AS applications,
    e.ended_on AS ended_on,
    s.seen_on AS seen_on,
    s.seen_as AS seen_as,
    a.net AS net_yuan
FROM
(
    SELECT vin_token, transferred_on AS seen_on, event, '转让登记' AS seen_as FROM transfer
    UNION ALL
    SELECT vin_token, registered_on, event, '注册登记' FROM newcar
) AS s
INNER JOIN
(
    SELECT
        old_vin_token AS token, sum(net_yuan) AS net, arrayFlatten(groupArray(events)) AS all_events, min(ifNull(old_vin_masked, '')) AS vin,
        arraySort(groupArray(apply_no)) AS applications
    FROM application
    WHERE item_code IN {items} AND net_yuan > 0 AND old_vin_token IN (SELECT vin_token FROM transfer UNION ALL SELECT vin_token FROM newcar)
    GROUP BY old_vin_token
) AS a ON a.token = s.vin_token
INNER JOIN
(
    SELECT vin_token, min(ended) AS ended_on, groupArray(event) AS ended_events
    FROM
    (
        SELECT vin_token, issued_on AS ended, event FROM certificate
        UNION ALL
        SELECT vin_token, cancelled_on, event FROM deregistration
    )
    GROUP BY vin_token
) AS e ON e.vin_token = s.vin_token
WHERE s.seen_on > e.ended_on
ORDER BY s.seen_on, s.event
LIMIT 1 BY case_key
