-- id: A12
-- name: 收款户名与申请人不一致
-- severity: O
-- recipients: [县财政局]
-- key: [apply]
-- tolerance: {kinds: [个人]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 个人补贴拨付到申请人本人账户（山西）；户名去除空格、不分大小写后比对；商户、单位、一卡通除外
-- evidence: {apply_no: 申请编号, applicant: 申请人(脱敏), payee: 收款户名(脱敏), account: 收款账号(脱敏), net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的申请人为{applicant}，收款户名为{payee}（账号{account}），已净拨付{net_yuan}元，请核实收款人是否为申请人本人？
-- advice: 核对账户户名；录入有误的更正，代收的要求提供委托并改拨本人账户。
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    a.events AS events,
    a.apply_no AS apply_no,
    a.applicant_masked AS applicant,
    a.payee_masked AS payee,
    a.account_masked AS account,
    a.net_yuan AS net_yuan
FROM application AS a
WHERE a.account_kind IN {kinds} AND a.net_yuan > 0 AND a.payee_token != a.applicant_token
