-- id: A05
-- name: 同一新车既领报废补贴又领置换补贴
-- severity: R
-- recipients: [县财政局, 县科技局]
-- key: [vin]
-- tolerance: {items: [car_scrap, car_replace]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 一辆新车只能享受报废更新或置换更新之一
-- evidence: {new_vin: 新车VIN(脱敏), applications: 申请编号, scrap_yuan: 报废净拨付(元), replace_yuan: 置换净拨付(元), last_paid_on: 最近拨付日期}
-- question: 新车{new_vin}既有报废更新净拨付{scrap_yuan}元，又有置换更新净拨付{replace_yuan}元（申请{applications}），请核实应保留哪一项？
-- advice: 核对两项申请的新车发票与注册登记；只能享受一项，确属重复的追回其一。
SELECT
    concat('vin:', lower(hex(a.new_vin_token))) AS case_key,
    max(a.last_paid_on) AS last_paid_on,
    last_paid_on AS judged_on,
    sumIf(a.net_yuan, a.item_code = 'car_scrap') AS scrap_yuan,
    sumIf(a.net_yuan, a.item_code = 'car_replace') AS replace_yuan,
    least(scrap_yuan, replace_yuan) AS amount_yuan,
    arraySort(arrayFlatten(groupArray(a.events))) AS events,
    min(ifNull(a.new_vin_masked, '')) AS new_vin,
    arraySort(groupArray(a.apply_no)) AS applications
FROM application AS a
WHERE a.new_vin_token IS NOT NULL AND a.net_yuan > 0 AND a.item_code IN {items}
GROUP BY a.new_vin_token
HAVING uniqExact(a.item_code) = length({items})
