-- id: A13
-- name: 同一账户为多名申请人收款
-- severity: R
-- recipients: [县财政局]
-- key: [account]
-- tolerance: {applicants: 3, household: 5}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 同一账户收取3名及以上申请人的补贴；商户不计；一卡通为家庭账户，5人以内合规，超过的提示（黄）
-- overrides: [severity]
-- evidence: {account: 收款账号(脱敏), account_kind: 账户类型, applicants: 申请人数, applications: 申请编号, net_yuan: 净拨付合计(元)}
-- question: 账户{account}（{account_kind}）为{applicants}名申请人收款，净拨付合计{net_yuan}元（申请{applications}），请核实是否代收、冒领？
-- advice: 核对户主与各申请人关系；一卡通核对家庭成员；无关系的逐人回访并改拨本人账户。
SELECT
    concat('account:', lower(hex(a.account_token))) AS case_key,
    max(a.last_paid_on) AS judged_on,
    sum(a.net_yuan) AS net_yuan,
    net_yuan AS amount_yuan,
    arraySort(arrayFlatten(groupArray(a.events))) AS events,
    min(a.account_masked) AS account,
    -- A card is a household's only where every payment on it says so.
    if(uniqExact(a.account_kind) = 1 AND any(a.account_kind) = '一卡通', '一卡通', min(if(a.account_kind = '一卡通', '个人', a.account_kind))) AS account_kind,
    if(account_kind = '一卡通', 'Y', 'R') AS severity,
    uniqExact(ifNull(a.applicant_id_token, a.applicant_token)) AS applicants,
    arraySort(groupArray(a.apply_no)) AS applications
FROM application AS a
WHERE a.account_kind != '商户' AND a.net_yuan > 0
GROUP BY a.account_token
HAVING applicants >= {applicants} AND (account_kind != '一卡通' OR applicants > {household})
