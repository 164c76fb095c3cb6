-- id: A30
-- name: 先拨后审或逾期拨付
-- severity: O
-- recipients: [县财政局, 县科技局]
-- key: [apply]
-- tolerance: {days: 30}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 审核通过后方可拨付,并在{days}日内拨付
-- evidence: {apply_no: 申请编号, payments: 支付凭证, reviewed_on: 审核日期, paid_on: 拨付日期, days: 审核至拨付(日), paid_yuan: 金额(元)}
-- question: 申请{apply_no}审核日期{reviewed_on}、拨付日期{paid_on}(凭证{payments}),请核实是否未审先拨或逾期拨付?
-- advice: 核对审核记录;补录审核日期的附审批件;逾期的说明原因。
SELECT
    concat('apply:', apply_no) AS case_key,
    max(toDate(paid_at)) AS judged_on,
    sum(amount_yuan) AS paid_yuan,
    paid_yuan AS amount_yuan,
    arraySort(groupArray(event)) AS events,
    apply_no,
    arraySort(groupArray(pay_no)) AS payments,
    min(p.reviewed_on) AS reviewed_on,
    max(toDate(paid_at)) AS paid_on,
    dateDiff('day', reviewed_on, paid_on) AS days
FROM payout AS p
WHERE pay_result = '成功' AND payout_kind != 'refund'
    AND (p.reviewed_on IS NULL OR toDate(paid_at) < p.reviewed_on OR dateDiff('day', p.reviewed_on, toDate(paid_at)) > {days})
    AND apply_no IN (SELECT apply_no FROM application WHERE net_yuan > 0)
GROUP BY apply_no
