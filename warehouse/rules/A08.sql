-- id: A08
-- name: 拨付金额与补贴标准不符
-- severity: R
-- recipients: [县财政局, 县科技局]
-- key: [apply]
-- tolerance: {yuan: 0.01, topup_grace_days: 150}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 各补贴项目细则（mart.subsidy_rule）；按申请日期适用，拨付合计=首拨+重拨+补差；提标后补差有宽限期
-- overrides: [status, question]
-- evidence: {apply_no: 申请编号, item_code: 补贴项目, applied_on: 申请日期, standard: 适用标准, variant: 档次, basis_yuan: 计算基数(元), due_yuan: 应补金额(元), cap_yuan: 最高限额(元), paid_yuan: 拨付合计(元), difference_yuan: 差额(元), verified: 标准核实标记}
-- question: 申请{apply_no}按{standard}应补{due_yuan}元，实际拨付合计{paid_yuan}元，相差{difference_yuan}元，请核实适用标准、计算基数与拨付金额？
-- advice: 对照细则核对新车类型或能效等级、价格与档次；多拨的追回差额，少拨的补差；标准核实标记为M的先查原文。
SELECT
    case_key,
    first_paid_on AS judged_on,
    events,
    apply_no, item_code, applied_on,
    if(version = '', '无适用标准', version) AS standard,
    arrayStringConcat(variants, '、') AS variant,
    basis_yuan, due_yuan, cap_yuan, paid_yuan, verified,
    paid_yuan - due_yuan AS difference_yuan,
    -- Above the cap is a question even where the exact amount is not known.
    multiIf(
        cap_yuan IS NOT NULL AND net_yuan > cap_yuan + toDecimal64({yuan}, 2), 'open',
        due_yuan IS NULL, 'not_judged',
        -- What was taken back of too much settles it; so does a payment that was right before part of it was returned.
        abs(paid_yuan - due_yuan) <= toDecimal64({yuan}, 2) OR abs(net_yuan - due_yuan) <= toDecimal64({yuan}, 2), '',
        paid_yuan = earlier_due_yuan AND {today} <= published + {topup_grace_days}, '',
        'open') AS status,
    if(status = 'open', abs(ifNull(net_yuan - due_yuan, net_yuan - cap_yuan)), 0) AS amount_yuan,
    multiIf(
        status = 'not_judged', concat('申请', apply_no, '拨付', toString(paid_yuan), '元，', standard, '的金额或档次（', variant, '）未知，未作判断；请补充标准或材料'),
        due_yuan IS NULL, concat('申请', apply_no, '拨付合计', toString(paid_yuan), '元，超过', standard, '最高限额', toString(ifNull(cap_yuan, 0)), '元，请核实？'),
        concat('申请', apply_no, '按', standard, '（', variant, '）应补', toString(ifNull(due_yuan, 0)), '元，实际拨付合计', toString(paid_yuan), '元，相差',
            toString(ifNull(difference_yuan, 0)), '元，请核实适用标准、计算基数与拨付金额？')) AS question
FROM due
WHERE net_yuan > 0 AND status != ''
