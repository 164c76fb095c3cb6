-- id: A31
-- name: 退回的补贴未重新拨付
-- severity: Y
-- recipients: [县财政局]
-- key: [apply]
-- tolerance: {days: 15}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- silence_days: 15
-- source: 银行退回的补贴应在{days}日内更正账户并重新拨付
-- evidence: {apply_no: 申请编号, payments: 退回的支付凭证, returned_on: 退回日期, returned_yuan: 退回金额(元), days: 已过日数}
-- question: 申请{apply_no}的{returned_yuan}元于{returned_on}被退回,已{days}日未重新拨付,请核实是否已联系申请人更正账户?
-- advice: 联系申请人核对账号户名后重新拨付;放弃补贴的登记说明。
SELECT
    concat('apply:', r.apply_no) AS case_key,
    min(toDate(r.paid_at)) AS returned_on,
    returned_on AS judged_on,
    sum(r.amount_yuan) AS returned_yuan,
    returned_yuan AS amount_yuan,
    arraySort(groupArray(r.event)) AS events,
    r.apply_no AS apply_no,
    arraySort(groupArray(r.pay_no)) AS payments,
    dateDiff('day', returned_on, {today}) AS days
FROM payout AS r
WHERE r.pay_result = '退回' AND r.payout_kind != 'refund' AND dateDiff('day', toDate(r.paid_at), {today}) > {days}
    AND (r.apply_no, r.pay_no) NOT IN
    (
        SELECT apply_no, assumeNotNull(original_pay_no) FROM payout
        WHERE payout_kind = 'reissue' AND pay_result != '退回' AND original_pay_no IS NOT NULL
    )
GROUP BY r.apply_no
