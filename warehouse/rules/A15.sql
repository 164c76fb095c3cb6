-- id: A15
-- name: 县级资金补贴的新车购自县外
-- severity: O
-- recipients: [县科技局, 县税务局]
-- key: [apply]
-- tolerance: {fund: county, county: "140522"}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 10
-- source: 县内购买是县级资金的条件，不是国家、省级资金的条件；以销货单位主管税务机关所在县为准
-- evidence: {apply_no: 申请编号, new_vin: 新车VIN(脱敏), seller: 销货单位, seller_county: 销货单位行政区划, net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}由县级资金净拨付{net_yuan}元，新车购自{seller}（{seller_county}），请核实是否符合县内购买条件或资金来源是否登记有误？
-- advice: 向税务部门核对销货单位主管税务机关；资金来源登记有误的更正，确不符合的改由其他资金列支或追回。
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    arraySort(arrayConcat(a.events, [n.event])) AS events,
    a.apply_no AS apply_no,
    ifNull(a.new_vin_masked, '') AS new_vin,
    n.seller AS seller,
    n.seller_county AS seller_county,
    a.net_yuan AS net_yuan
FROM (SELECT * FROM application WHERE fund_source = {fund} AND net_yuan > 0 AND new_vin_token IS NOT NULL) AS a
INNER JOIN
(
    SELECT vin_token, event, seller, seller_county FROM newcar ORDER BY registered_on DESC, event LIMIT 1 BY vin_token
) AS n ON n.vin_token = a.new_vin_token
WHERE n.seller_county != {county}
