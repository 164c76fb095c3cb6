-- id: A07
-- name: 同一发票重复用于申请
-- severity: R
-- recipients: [县财政局, 县税务局]
-- key: [invoice]
-- tolerance: {}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 一张发票只能申请一次；已全额追回的申请不计
-- evidence: {invoice_no: 发票号码, applications: 申请编号, items: 补贴项目, applicants: 申请人(脱敏), net_yuan: 净拨付合计(元), last_paid_on: 最近拨付日期}
-- question: 发票{invoice_no}用于{applications}等申请，净拨付合计{net_yuan}元，请核实是否号码录错或重复申请？
-- advice: 向税务部门核对发票的购买方与标的；录错的更正，重复的追回其一。
SELECT
    concat('invoice:', a.invoice_no) AS case_key,
    max(a.last_paid_on) AS last_paid_on,
    last_paid_on AS judged_on,
    sum(a.net_yuan) AS net_yuan,
    net_yuan - max(a.net_yuan) AS amount_yuan,
    arraySort(arrayFlatten(groupArray(a.events))) AS events,
    any(ifNull(a.invoice_no, '')) AS invoice_no,
    arraySort(groupArray(a.apply_no)) AS applications,
    arraySort(groupUniqArray(toString(a.item_code))) AS items,
    arraySort(groupUniqArray(a.applicant_masked)) AS applicants
FROM application AS a
WHERE a.invoice_no IS NOT NULL AND a.net_yuan > 0
GROUP BY a.invoice_no
HAVING count() > 1
