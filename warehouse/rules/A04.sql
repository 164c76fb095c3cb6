-- id: A04
-- name: 同一旧车重复拨付
-- severity: R
-- recipients: [县财政局]
-- key: [vin]
-- tolerance: {}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 一辆旧车只享受一次补贴；补差（topup）、退回后重拨（reissue）合规，追回为负数行
-- evidence: {old_vin: 旧车VIN(脱敏), applications: 申请编号, payments: 首拨与重拨笔数, net_yuan: 净拨付合计(元), first_paid_on: 首次拨付日期, last_paid_on: 最近拨付日期}
-- question: 旧车{old_vin}自{first_paid_on}至{last_paid_on}有{payments}笔首拨或重拨、合计净拨付{net_yuan}元（申请{applications}），请核实是否重复拨付？
-- advice: 核对各申请的旧车证明与收款人；一笔为退回后重拨的，核对退回是否已登记；确属重复的追回其一，以负数行登记。
SELECT
    concat('vin:', lower(hex(old_vin_token))) AS case_key,
    max(a.last_paid_on) AS judged_on,
    sum(a.net_yuan) AS net_yuan,
    net_yuan - max(a.net_yuan) + if(count() = 1, net_yuan - intDiv(net_yuan, max(firsts)), 0) AS amount_yuan,
    arraySort(arrayFlatten(groupArray(a.events))) AS events,
    any(old_vin_masked) AS old_vin,
    arraySort(groupArray(apply_no)) AS applications,
    sum(firsts) AS payments,
    min(a.first_paid_on) AS first_paid_on,
    max(a.last_paid_on) AS last_paid_on
FROM application AS a
WHERE old_vin_token IS NOT NULL AND a.net_yuan > 0
GROUP BY old_vin_token
HAVING count() > 1 OR max(firsts) > 1
