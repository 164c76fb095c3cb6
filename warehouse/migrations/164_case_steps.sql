-- How far the scrapped cars of each day came, and how many days each step took after the one before it: counts by whole days, so that
-- medians over any choice of days and towns are exact. Recounted each minute from the cases, which are compact.
CREATE MATERIALIZED VIEW mart.case_step REFRESH EVERY 1 MINUTE
(
    day Date,                       -- 交车
    town LowCardinality(String),
    vehicle_class LowCardinality(String),
    step UInt8,                     -- 1 交车, 2 回收证明, 3 注销, 4 购新车, 5 申请, 6 拨付
    days Int32,
    cases UInt64
)
ENGINE = MergeTree ORDER BY (day, step)
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
