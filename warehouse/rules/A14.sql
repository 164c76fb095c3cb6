-- id: A14
-- name: 同一电话代办多笔申请
-- severity: Y
-- recipients: [县科技局]
-- key: [phone]
-- tolerance: {applications: 5, applicants: 2}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 20
-- source: 同一联系电话或代办人电话有5笔及以上申请、涉及2名及以上申请人
-- evidence: {phone: 电话(脱敏), count: 申请笔数, applicants: 申请人数, applications: 申请编号, net_yuan: 净拨付合计(元)}
-- question: 电话{phone}关联{count}笔申请、{applicants}名申请人，净拨付合计{net_yuan}元，请核实是否集中代办或虚假申请？
-- advice: 抽取申请人回访；属商户或村级代办的登记代办人，属虚假申请的移交。
SELECT
    concat('phone:', lower(hex(number.1))) AS case_key,
    max(a.last_paid_on) AS judged_on,
    sum(a.net_yuan) AS net_yuan,
    net_yuan AS amount_yuan,
    arraySort(arrayFlatten(groupArray(a.events))) AS events,
    min(number.2) AS phone,
    count() AS count,
    uniqExact(ifNull(a.applicant_id_token, a.applicant_token)) AS applicants,
    arraySort(groupArray(a.apply_no)) AS applications
FROM application AS a
ARRAY JOIN arrayDistinct(arrayFilter(p -> p.1 IS NOT NULL, [(a.phone_token, ifNull(a.phone_masked, '')), (a.agent_phone_token, ifNull(a.agent_phone_masked, ''))])) AS number
WHERE a.net_yuan > 0
GROUP BY number.1
HAVING count >= {applications} AND applicants >= {applicants}
