-- id: A11
-- name: 旧车车主、新车购车人与申请人不一致
-- severity: R
-- recipients: [县科技局, 县公安局]
-- key: [apply]
-- tolerance: {items: [car_scrap]}
-- in_force: {from: 2024-01-01, to: null}
-- deadline_days: 5
-- source: 报废旧车的车主、购买新车者与申请人应为同一人（山西）；未填证件号的不比对
-- evidence: {apply_no: 申请编号, applicant_id: 申请人证件号(脱敏), owner_id: 旧车车主证件号(脱敏), buyer_id: 新车购车人证件号(脱敏), old_vin: 旧车VIN(脱敏), new_vin: 新车VIN(脱敏), net_yuan: 净拨付金额(元)}
-- question: 申请{apply_no}的申请人{applicant_id}、旧车车主{owner_id}、新车购车人{buyer_id}不完全一致，已净拨付{net_yuan}元，请核实是否同一人？
-- advice: 核对三方证件与登记；录入有误的更正原单，夫妻等特殊情形以细则为准，确不一致的追回。
SELECT
    a.case_key AS case_key,
    a.first_paid_on AS judged_on,
    a.net_yuan AS amount_yuan,
    arraySort(arrayFilter(e -> e != '', arrayConcat(a.events, [c.event, n.event]))) AS events,
    a.apply_no AS apply_no,
    ifNull(a.applicant_id_masked, '') AS applicant_id,
    ifNull(c.owner_id_masked, '') AS owner_id,
    ifNull(n.buyer_id_masked, '') AS buyer_id,
    ifNull(a.old_vin_masked, '') AS old_vin,
    ifNull(a.new_vin_masked, '') AS new_vin,
    a.net_yuan AS net_yuan
FROM (SELECT * FROM application WHERE item_code IN {items} AND net_yuan > 0) AS a
LEFT JOIN
(
    SELECT vin_token, event, owner_id_token, owner_id_masked FROM certificate ORDER BY issued_on DESC, event LIMIT 1 BY vin_token
) AS c ON c.vin_token = a.old_vin_token
LEFT JOIN
(
    SELECT vin_token, event, buyer_id_token, buyer_id_masked FROM newcar ORDER BY registered_on DESC, event LIMIT 1 BY vin_token
) AS n ON n.vin_token = a.new_vin_token
WHERE length(arrayDistinct(arrayFilter(
    t -> t IS NOT NULL, [a.applicant_id_token, c.owner_id_token, n.buyer_id_token]))) > 1
