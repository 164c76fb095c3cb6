-- id: A33
-- name: 补贴资金超批复数
-- severity: R
-- recipients: [县财政局]
-- key: [fund]
-- tolerance: {}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- timer_only: true
-- source: 各资金来源年度净拨付不得超过批复数(mart.budget)
-- evidence: {fund_source: 资金来源, year: 年度, approved_yuan: 批复数(元), net_yuan: 净拨付合计(元), payments: 支付笔数, budget_source: 批复来源}
-- question: 资金来源{fund_source}在{year}年净拨付{net_yuan}元,超过批复数{approved_yuan}元,请核实是否有追加批复或串用资金?
-- advice: 核对追加指标文件;有追加的更新批复数据;串用资金的调账。
SELECT
    concat('fund:', p.fund_source, '/', toString(toYear(p.paid_at))) AS case_key,
    max(toDate(p.paid_at)) AS judged_on,
    sum(p.amount_yuan) AS net_yuan,
    net_yuan - any(b.approved_yuan) AS amount_yuan,
    -- The newest payments: those that went over. All of them would be the whole year's.
    arraySlice(arrayReverseSort(groupArray(p.event)), 1, 20) AS events,
    toString(p.fund_source) AS fund_source,
    toYear(p.paid_at) AS year,
    any(b.approved_yuan) AS approved_yuan,
    count() AS payments,
    any(b.source) AS budget_source
FROM payout AS p
INNER JOIN budget AS b ON toString(b.fund_source) = toString(p.fund_source) AND b.year = toYear(p.paid_at)
WHERE p.pay_result = '成功'
GROUP BY p.fund_source, toYear(p.paid_at)
HAVING net_yuan > approved_yuan
