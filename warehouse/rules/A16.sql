-- id: A16
-- name: 已补贴新车的发票作废或红冲
-- severity: R
-- recipients: [县税务局, 县财政局]
-- key: [apply]
-- tolerance: {bad: ["1", "2", "3", "4"]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 机动车销售统一发票状态1失控、2作废、3红字、4异常；已全额追回的不计
-- evidence: {apply_no: 申请编号, new_vin: 新车VIN(脱敏), invoice_no: 发票号码, invoice_status: 发票状态代码, invoiced_on: 开票日期, first_paid_on: 首次拨付日期, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}自{first_paid_on}起净拨付{net_yuan}元，其新车发票{invoice_no}现状态为{invoice_status}，请核实是否退车、换票或虚开？
-- advice: 税务部门核对发票状态与红冲原因；换开发票的补报新号码，退车的追回补贴。
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    arraySort(arrayConcat(a.events, [n.event])) AS events,
    a.apply_no AS apply_no,
    ifNull(a.new_vin_masked, '') AS new_vin,
    n.invoice_no AS invoice_no,
    n.invoice_status AS invoice_status,
    n.invoiced_on AS invoiced_on,
    a.first_paid_on AS first_paid_on,
    a.net_yuan AS net_yuan
FROM (SELECT * FROM application WHERE net_yuan > 0 AND new_vin_token IS NOT NULL) AS a
INNER JOIN
(
    SELECT vin_token, event, invoice_no, invoice_status, invoiced_on FROM newcar ORDER BY registered_on DESC, event LIMIT 1 BY vin_token
) AS n ON n.vin_token = a.new_vin_token
WHERE n.invoice_status IN {bad}
