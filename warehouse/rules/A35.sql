-- id: A35
-- name: 证件号校验不符或未成年人申领
-- severity: Y
-- recipients: [县科技局]
-- key: [apply]
-- tolerance: {}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: GB 11643 公民身份号码校验;购买(无购买日期的按申请)之日未满18周岁的核查
-- evidence: {apply_no: 申请编号, applicant: 申请人(脱敏), applicant_id: 证件号(脱敏), problem: 情形, applied_on: 申请日期, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的申请人{applicant}(证件号{applicant_id}){problem},请核实证件是否录入有误、是否由监护人申请?
-- advice: 核对证件原件;录入有误的更正;未成年人名下购置的核实出资与监护人。
SELECT
    case_key,
    first_paid_on AS judged_on,
    net_yuan AS amount_yuan,
    events,
    apply_no,
    applicant_masked AS applicant,
    ifNull(applicant_id_masked, '') AS applicant_id,
    if(applicant_check = 'minor', '购买时未满18周岁', '证件号校验位或出生日期不符') AS problem,
    applied_on,
    net_yuan
FROM application
WHERE net_yuan > 0 AND applicant_check IN ['invalid', 'minor']
