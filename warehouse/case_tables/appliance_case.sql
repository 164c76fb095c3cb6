-- The appliance bought, by its serial number. Its application is the last one that was paid, else the last one.
SELECT
    concat('serial:', a.serial_no) AS case_key,
    a.item_code AS item_code,
    a.apply_no AS apply_no,
    a.fund_source AS fund_source,
    ifNull(a.goods_category, '') AS goods_category,
    ifNull(a.sku, '') AS sku,
    ifNull(a.energy_grade, '') AS energy_grade,
    ifNull(a.merchant_uscc, '') AS merchant_uscc,
    a.price_yuan AS price_yuan,
    a.town AS town,
    a.purchased_on AS purchased_on,
    a.applied_on AS applied_on,
    a.reviewed_on AS reviewed_on,
    if(a.paid_yuan > 0, a.last_paid_on, NULL) AS paid_on,
    if(a.paid_yuan > 0, a.paid_event, NULL) AS paid_key,
    a.net_yuan AS paid_yuan,
    if(a.refunded_yuan < 0, a.refunded_on, NULL) AS refunded_on,
    if(a.refunded_yuan < 0, a.refund_event, NULL) AS refunded_key,
    a.refunded_yuan AS refunded_yuan,
    u.due_yuan AS due_yuan,
    ifNull(u.version, '') AS due_version
FROM
(
    SELECT * FROM application WHERE serial_no IS NOT NULL ORDER BY net_yuan > 0 DESC, applied_on DESC, apply_no LIMIT 1 BY serial_no
) AS a
LEFT JOIN (SELECT apply_no, due_yuan, version FROM due) AS u ON u.apply_no = a.apply_no
