-- id: A18
-- name: 注销后又转让登记
-- severity: R
-- recipients: [县公安局]
-- key: [vin]
-- tolerance: {}
-- in_force: {from: 2010-01-01, to: null}
-- deadline_days: 5
-- source: 车辆注销后不再恢复登记；转让登记日期晚于注销日期
-- evidence: {vin: VIN(脱敏), cancelled_on: 注销日期, cancel_reason: 注销原因, transferred_on: 其后转让日期, serials: 业务流水号}
-- question: 车辆{vin}于{cancelled_on}注销（{cancel_reason}），{transferred_on}又有转让登记（{serials}），请核实是否误注销、套牌或登记有误？
-- advice: 车管部门核对两笔业务档案；误登记的更正或作废，涉嫌套牌、重新上路的移交。
SELECT
    concat('vin:', lower(hex(d.vin_token))) AS case_key,
    min(t.transferred_on) AS transferred_on,
    transferred_on AS judged_on,
    0 AS amount_yuan,
    arraySort(arrayConcat(groupUniqArray(d.event), groupUniqArray(t.event))) AS events,
    min(d.vin_masked) AS vin,
    min(d.cancelled_on) AS cancelled_on,
    min(d.cancel_reason) AS cancel_reason,
    arraySort(groupUniqArray(t.serial_no)) AS serials
FROM deregistration AS d
INNER JOIN transfer AS t ON t.vin_token = d.vin_token
WHERE t.transferred_on > d.cancelled_on
GROUP BY d.vin_token
