-- id: A24
-- name: 过磅净重重复或多为整百
-- severity: O
-- recipients: [县科技局, 县供销联社]
-- key: [site]
-- tolerance: {times: 3, share: 0.4, tickets: 40}
-- in_force: {from: 2023-01-01, to: null}
-- deadline_days: 10
-- timer_only: true
-- source: 同一站点一日内相同净重不满{times}单;一个月内净重为整百公斤的不超过{share}(当月不足{tickets}单的不判)
-- evidence: {site_id: 站点, period: 日期或月份, tickets: 磅单数, repeated_kg: 重复的净重(kg), round_share: 整百占比, examples: 磅单号}
-- question: 站点{site_id}在{period}有磅单{tickets}单,重复净重{repeated_kg}公斤,整百占比{round_share},请核实是否复制磅单或手工填写?
-- advice: 调取地磅原始记录与监控;核对司磅员与送货人;分度值与磅单尾数不符的校验地磅。
WITH
    repeated AS
    (
        SELECT site_id, day, net_kg, groupArray(event) AS events, groupArray(ticket_no) AS numbers, sum(amount_yuan) AS yuan
        FROM weighing GROUP BY site_id, day, net_kg HAVING count() >= {times}
    )
SELECT
    concat('site:', r.site_id, '/', toString(r.day)) AS case_key,
    r.day AS judged_on,
    sum(r.yuan) AS amount_yuan,
    arraySort(arrayFlatten(groupArray(r.events))) AS events,
    r.site_id AS site_id,
    toString(r.day) AS period,
    length(events) AS tickets,
    arraySort(groupArray(toFloat64(r.net_kg))) AS repeated_kg,
    0. AS round_share,
    arraySort(arrayFlatten(groupArray(r.numbers))) AS examples
FROM repeated AS r
GROUP BY r.site_id, r.day
UNION ALL
SELECT
    concat('site:', site_id, '/', formatDateTime(toStartOfMonth(day), '%Y-%m')) AS case_key,
    max(day) AS judged_on,
    0 AS amount_yuan,
    arraySort(groupArrayIf(event, toInt64(net_kg) % 100 = 0)) AS events,
    site_id,
    formatDateTime(toStartOfMonth(day), '%Y-%m') AS period,
    count() AS tickets,
    CAST([] AS Array(Float64)) AS repeated_kg,
    round(countIf(toInt64(net_kg) % 100 = 0) / count(), 3) AS round_share,
    arraySlice(arraySort(groupArrayIf(ticket_no, toInt64(net_kg) % 100 = 0)), 1, 10) AS examples
FROM weighing
GROUP BY site_id, toStartOfMonth(day)
HAVING tickets >= {tickets} AND countIf(toInt64(net_kg) % 100 = 0) > {share} * tickets
