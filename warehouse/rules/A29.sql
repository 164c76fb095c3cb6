-- id: A29
-- name: 同类家电一人多件或一址多件
-- severity: O
-- recipients: [县科技局, 县市场监管局]
-- key: [person, address]
-- tolerance: {units: 2, at_address: 10}
-- in_force: {from: 2024-07-24, to: null}
-- deadline_days: 10
-- source: 2024年家电以旧换新每人每类补贴1件;同一地址{at_address}件及以上的核查
-- evidence: {subject: 对象(脱敏), what: 情形, units: 件数, applications: 申请编号, net_yuan: 净拨付合计(元)}
-- question: 核查对象{subject}{what}共{units}件(申请{applications}),净拨付合计{net_yuan}元,请核实是否一人多领或集中套补?
-- advice: 回访购买人,核对送货签收与发票;企业或宿舍集中购买的补充说明。
WITH
    bought AS
    (
        SELECT * FROM application WHERE item_code = 'appliance' AND net_yuan > 0
    ),
    doubled AS
    (
        SELECT applicant_id_token AS token, toYear(applied_on) AS year, goods_category, count() AS units, sum(net_yuan) AS net, max(last_paid_on) AS last_on,
            groupArray(apply_no) AS numbers, arrayFlatten(groupArray(events)) AS all_events, min(applicant_masked) AS masked
        FROM bought
        WHERE applicant_id_token IS NOT NULL AND goods_category IS NOT NULL
        GROUP BY token, year, goods_category
        HAVING units >= {units}
    )
SELECT
    concat('person:', lower(hex(assumeNotNull(token)))) AS case_key,
    max(last_on) AS judged_on,
    sum(net) AS net_yuan,
    net_yuan AS amount_yuan,
    arraySort(arrayFlatten(groupArray(all_events))) AS events,
    concat('申请人', min(masked)) AS subject,
    concat('同类购买', arrayStringConcat(arraySort(groupUniqArray(ifNull(toString(goods_category), ''))), '、')) AS what,
    sum(units) AS units,
    arraySort(arrayFlatten(groupArray(numbers))) AS applications
FROM doubled
GROUP BY token
UNION ALL
SELECT
    concat('address:', lower(hex(assumeNotNull(address_token)))) AS case_key,
    max(last_paid_on) AS judged_on,
    sum(net_yuan) AS net_yuan,
    net_yuan AS amount_yuan,
    arraySort(arrayFlatten(groupArray(b.events))) AS events,
    concat('地址', min(ifNull(address_masked, ''))) AS subject,
    '同址购买' AS what,
    count() AS units,
    arraySort(groupArray(apply_no)) AS applications
FROM bought AS b
WHERE address_token IS NOT NULL
GROUP BY address_token
HAVING units >= {at_address}
