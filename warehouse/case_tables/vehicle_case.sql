-- The old car: scrapped, or sold for a subsidy. Its application is the last one that was paid, else the last one.
SELECT
    concat('vin:', lower(hex(k.vin_token))) AS case_key,
    coalesce(c.vin_masked, d.vin_masked, a.old_vin_masked, '') AS vin_masked,
    ifNull(a.item_code, '') AS item_code,
    ifNull(a.apply_no, '') AS apply_no,
    ifNull(a.fund_source, '') AS fund_source,
    coalesce(c.vehicle_class, d.vehicle_class, '') AS vehicle_class,
    coalesce(c.emission_stage, d.emission_stage, '') AS emission_stage,
    ifNull(c.recycler, '') AS recycler,
    coalesce(a.town, c.town, d.town, '') AS town,
    c.handed_over_on AS handed_over_on,
    c.issued_on AS certified_on,
    c.event AS certified_key,
    w.weighed_on AS weighed_on,
    w.event AS weighed_key,
    d.cancelled_on AS deregistered_on,
    d.event AS deregistered_key,
    n.invoiced_on AS invoiced_on,
    n.registered_on AS registered_on,
    n.event AS registered_key,
    a.applied_on AS applied_on,
    a.reviewed_on AS reviewed_on,
    if(a.paid_yuan > 0, a.last_paid_on, NULL) AS paid_on,
    if(a.paid_yuan > 0, a.paid_event, NULL) AS paid_key,
    ifNull(a.net_yuan, 0) AS paid_yuan,
    if(a.refunded_yuan < 0, a.refunded_on, NULL) AS refunded_on,
    if(a.refunded_yuan < 0, a.refund_event, NULL) AS refunded_key,
    ifNull(a.refunded_yuan, 0) AS refunded_yuan,
    u.due_yuan AS due_yuan,
    ifNull(u.version, '') AS due_version
FROM
(
    SELECT vin_token FROM certificate
    UNION DISTINCT SELECT vin_token FROM deregistration WHERE cancel_reason = '报废'
    UNION DISTINCT SELECT assumeNotNull(old_vin_token) FROM application WHERE old_vin_token IS NOT NULL
) AS k
LEFT JOIN (SELECT * FROM certificate ORDER BY issued_on DESC, event LIMIT 1 BY vin_token) AS c ON c.vin_token = k.vin_token
LEFT JOIN (SELECT * FROM deregistration ORDER BY cancelled_on DESC, event LIMIT 1 BY vin_token) AS d ON d.vin_token = k.vin_token
LEFT JOIN
(
    SELECT vin_token, day AS weighed_on, event FROM weighing WHERE vin_token IS NOT NULL ORDER BY day, event LIMIT 1 BY vin_token
) AS w ON w.vin_token = k.vin_token
LEFT JOIN
(
    SELECT * FROM application WHERE old_vin_token IS NOT NULL ORDER BY net_yuan > 0 DESC, applied_on DESC, apply_no LIMIT 1 BY old_vin_token
) AS a ON a.old_vin_token = k.vin_token
LEFT JOIN (SELECT apply_no, due_yuan, version FROM due) AS u ON u.apply_no = a.apply_no
LEFT JOIN (SELECT * FROM newcar ORDER BY registered_on DESC, event LIMIT 1 BY vin_token) AS n ON n.vin_token = a.new_vin_token
