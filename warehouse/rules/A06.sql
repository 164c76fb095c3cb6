-- id: A06
-- name: 个人年度享受次数超限
-- severity: O
-- recipients: [县财政局, 县科技局]
-- key: [person]
-- tolerance: {}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 各补贴项目细则的个人年度限次（mart.person_limit）；按申请日期所在年度计，已全额追回的不计
-- evidence: {applicant: 申请人(脱敏), applicant_id: 证件号(脱敏), over: 超限项目/年度/次数/限次, applications: 申请编号, net_yuan: 净拨付合计(元)}
-- question: 申请人{applicant}（{applicant_id}）有项目超过年度限次（{over}），涉及申请{applications}，请核实是否重复享受？
-- advice: 核对各申请的标的与发票；家庭成员代办的核对申请人信息；确属超限的追回超出部分。
SELECT
    concat('person:', lower(hex(token))) AS case_key,
    max(last_paid_on) AS judged_on,
    sum(g.excess_yuan) AS amount_yuan,
    sum(g.net) AS net_yuan,
    arraySort(arrayFlatten(groupArray(g.events))) AS events,
    min(g.applicant) AS applicant,
    min(g.applicant_id) AS applicant_id,
    arraySort(groupArray(concat(g.item, '/', toString(g.year), '/', toString(g.times), '/', toString(g.most)))) AS over,
    arraySort(arrayFlatten(groupArray(g.apply_nos))) AS applications
FROM
(
    SELECT
        a.applicant_id_token AS token, toString(a.item_code) AS item, toYear(a.applied_on) AS year, count() AS times,
        any(l.most) AS most,
        max(a.last_paid_on) AS last_paid_on,
        sum(a.net_yuan) AS net,
        -- What came after the allowed number, in the order of application.
        arraySum(arraySlice(arrayMap(x -> x.3, arraySort(groupArray((a.applied_on, a.apply_no, a.net_yuan)))), any(l.most) + 1)) AS excess_yuan,
        arrayFlatten(groupArray(a.events)) AS events,
        groupArray(a.apply_no) AS apply_nos,
        min(a.applicant_masked) AS applicant,
        min(ifNull(a.applicant_id_masked, '')) AS applicant_id
    FROM application AS a
    INNER JOIN (SELECT item_code, argMax(limit_a_year, from_on) AS most, min(from_on) AS since FROM person_limit GROUP BY item_code) AS l
        ON l.item_code = a.item_code
    WHERE a.applicant_id_token IS NOT NULL AND a.net_yuan > 0 AND a.applied_on >= l.since
    GROUP BY token, item, year
    HAVING times > most
) AS g
GROUP BY token
