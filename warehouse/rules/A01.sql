-- id: A01
-- name: 拨付报废更新补贴而无回收证明
-- severity: R
-- recipients: [县财政局, 县科技局]
-- key: [apply]
-- tolerance: {items: [car_scrap, truck]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 汽车、老旧营运货车报废更新补贴细则：以报废机动车回收证明为拨付依据；无宽限
-- evidence: {apply_no: 申请编号, item_code: 补贴项目, old_vin: 旧车VIN(脱敏), cert_no: 申请所列证明编号, first_paid_on: 首次拨付日期, net_yuan: 净拨付金额(元), other_certificates: 该车现有证明}
-- question: 申请{apply_no}自{first_paid_on}起净拨付{net_yuan}元，旧车{old_vin}未查到所列回收证明（{cert_no}），请核实是否确有证明、是否晚报或编号有误？
-- advice: 向回收企业调取该车回收证明原件，核对证明编号与VIN；证明晚报的督促补报，补报后本条自动销号。
WITH
    -- A reissued certificate serves for the one it replaces, and the old number for the new one.
    numbers AS
    (
        SELECT vin_token, groupArray(cert_no) AS own, arrayFilter(n -> n != '', groupArray(ifNull(replaces_cert_no, ''))) AS replaced
        FROM certificate GROUP BY vin_token
    )
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    a.events AS events,
    a.apply_no AS apply_no,
    a.item_code AS item_code,
    ifNull(a.old_vin_masked, '') AS old_vin,
    ifNull(a.cert_no, '') AS cert_no,
    a.first_paid_on AS first_paid_on,
    a.net_yuan AS net_yuan,
    arraySort(n.own) AS other_certificates
FROM application AS a
LEFT JOIN numbers AS n ON n.vin_token = a.old_vin_token
WHERE a.item_code IN {items} AND a.net_yuan > 0
    AND (empty(n.own) OR (ifNull(a.cert_no, '') != '' AND NOT has(n.own, a.cert_no) AND NOT has(n.replaced, a.cert_no)))
