-- How far the scrapped cars of each day came, and how many days each step took after the one before it: counts by whole days, so that
-- medians over any choice of days and towns are exact. Recounted each minute from the cases, which are compact.
CREATE TABLE mart.case_step_cell
(
    day Date,                       -- 交车
    town LowCardinality(String),
    vehicle_class LowCardinality(String),
    step UInt8,                     -- 1 交车, 2 回收证明, 3 注销, 4 购新车, 5 申请, 6 拨付
    days Int32,
    cases UInt64
)
ENGINE = MergeTree
ORDER BY (day, step);

CREATE MATERIALIZED VIEW mart.case_step_refresh REFRESH EVERY 1 MINUTE TO mart.case_step_cell
DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT handed_over_on AS day, town, vehicle_class, reached.1 AS step, reached.2 AS days, count() AS cases
FROM mart.vehicle_case
ARRAY JOIN arrayFilter(p -> p.2 IS NOT NULL,
[
    (1, toNullable(toInt32(0))),
    (2, dateDiff('day', handed_over_on, certified_on)),
    (3, dateDiff('day', ifNull(certified_on, handed_over_on), deregistered_on)),
    (4, dateDiff('day', ifNull(deregistered_on, handed_over_on), registered_on)),
    (5, dateDiff('day', greatest(ifNull(registered_on, handed_over_on), ifNull(deregistered_on, handed_over_on)), applied_on)),
    (6, dateDiff('day', applied_on, paid_on))
]) AS reached
WHERE handed_over_on IS NOT NULL
GROUP BY day, town, vehicle_class, step, days;

CREATE VIEW mart.case_step DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * FROM mart.case_step_cell;

-- Findings as a leader may list them: a case is a number that leads to no key, and neither question nor evidence is there.
CREATE VIEW mart.finding_list DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    rule, title, severity, department, recipients, status, disposition, opened_at, closed_at, deadline, amount_yuan, recovered_yuan, evaluated_at,
    concat(
        transform(splitByChar(':', case_key)[1], ['vin', 'apply', 'serial', 'person', 'account', 'site', 'invoice'], ['车', '申请', '家电', '人', '账户', '站点', '发票'], '案'),
        leftPad(toString(sipHash64(case_key) % 100000000), 8, '0')) AS case_number
FROM mart.finding;

-- The legs of the cars that have a finding still open, under the same numbers: dates and sums, nobody's name and no VIN.
CREATE VIEW mart.case_leg DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    concat('车', leftPad(toString(sipHash64(case_key) % 100000000), 8, '0')) AS case_number, item_code, town, stage,
    part.1 AS leg, assumeNotNull(part.2) AS day, part.3 AS place, part.4 AS yuan
FROM mart.vehicle_case
ARRAY JOIN arrayFilter(p -> p.2 IS NOT NULL,
[
    ('交车', handed_over_on, 1, toDecimal64(0, 2)), ('回收证明', certified_on, 2, 0), ('过磅', weighed_on, 3, 0), ('注销', deregistered_on, 4, 0),
    ('开票', invoiced_on, 5, 0), ('新车注册', registered_on, 6, 0), ('申请', applied_on, 7, 0), ('审核', reviewed_on, 8, 0),
    ('拨付', paid_on, 9, paid_yuan), ('追回', refunded_on, 10, refunded_yuan)
]) AS part
WHERE case_key IN (SELECT case_key FROM mart.finding WHERE status = 'open');
