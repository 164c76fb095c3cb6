-- id: A25
-- name: 非营业时间过磅或进出过快
-- severity: Y
-- recipients: [县供销联社]
-- key: [ticket]
-- tolerance: {opens: 6, closes: 21, seconds: 180}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- source: 站点营业时间{opens}时至{closes}时(本平台配置);进场到出场不少于{seconds}秒
-- evidence: {site_id: 站点, ticket_no: 磅单号, in_at: 进场时间, out_at: 出场时间, minutes: 停留(分钟), net_kg: 净重(kg)}
-- question: 站点{site_id}磅单{ticket_no}进场{in_at}、出场{out_at},停留{minutes}分钟,请核实是否确有车辆过磅?
-- advice: 调取该时段监控;夜间收货的补充说明,并可为该站点配置营业时间。
SELECT
    concat('ticket:', site_id, '/', ticket_no, '/', toString(day)) AS case_key,
    day AS judged_on,
    amount_yuan,
    [event] AS events,
    site_id, ticket_no, in_at, out_at,
    round(dateDiff('second', in_at, out_at) / 60, 1) AS minutes,
    net_kg
FROM weighing
WHERE toHour(out_at) < {opens} OR toHour(out_at) >= {closes} OR toHour(in_at) < {opens} OR toHour(in_at) >= {closes}
    OR dateDiff('second', in_at, out_at) < {seconds}
