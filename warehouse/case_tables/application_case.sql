-- An application for what has neither VIN nor serial number.
SELECT
    a.case_key AS case_key,
    a.item_code AS item_code,
    a.fund_source AS fund_source,
    a.town AS town,
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
FROM application AS a
LEFT JOIN (SELECT apply_no, due_yuan, version FROM due) AS u ON u.apply_no = a.apply_no
WHERE a.old_vin_token IS NULL AND a.serial_no IS NULL
