-- id: A26
-- name: 家电单件重量异常
-- severity: Y
-- recipients: [县科技局]
-- key: [ticket]
-- tolerance: {categories: [冰箱, 洗衣机, 空调, 电视], least: [35, 20, 20, 5], most: [90, 75, 70, 40]}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- source: 单件重量(公斤):冰箱35–90、洗衣机20–75、空调20–70、电视5–40
-- evidence: {site_id: 站点, ticket_no: 磅单号, category: 类别, pieces: 件数, net_kg: 净重(kg), kg_per_piece: 单件(kg)}
-- question: 站点{site_id}磅单{ticket_no}收{category}{pieces}件、净重{net_kg}公斤,单件{kg_per_piece}公斤,请核实件数与类别是否有误?
-- advice: 核对入库照片与件数;类别混装的分单登记;件数虚报的更正磅单。
SELECT
    concat('ticket:', site_id, '/', ticket_no, '/', toString(day)) AS case_key,
    day AS judged_on,
    amount_yuan,
    [event] AS events,
    site_id, ticket_no,
    toString(category) AS category,
    pieces, net_kg,
    round(toFloat64(net_kg) / pieces, 1) AS kg_per_piece
FROM weighing
WHERE category IN {categories} AND pieces > 0
    AND (toFloat64(net_kg) < pieces * transform(toString(category), {categories}, {least}, 0)
        OR toFloat64(net_kg) > pieces * transform(toString(category), {categories}, {most}, 0))
