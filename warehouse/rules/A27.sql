-- id: A27
-- name: 自然人销售再生资源超过500万元
-- severity: R
-- recipients: [县税务局]
-- key: [seller]
-- tolerance: {yuan: 5000000}
-- in_force: {from: 2024-04-29, to: null}
-- deadline_days: 10
-- source: 国家税务总局公告2024年第5号:自然人出售者连续12个月反向开票不含税额不超过500万元;2024年4月29日起
-- evidence: {seller: 出售人(脱敏), last_on: 超限日期, tickets: 十二个月磅单数, sum_yuan: 十二个月合计(元), sites: 站点}
-- question: 出售人{seller}截至{last_on}的十二个月内在{sites}售出{tickets}单、合计{sum_yuan}元,请核实是否应办理经营主体登记、是否继续反向开票?
-- advice: 税务部门核对反向开票累计额;超限的停止反向开票并辅导登记;磅单人与实际货主不一致的查代卖。
WITH
    daily AS
    (
        SELECT seller_id_token AS seller_token, day, sum(amount_yuan) AS yuan
        FROM weighing
        WHERE direction = '收' AND seller_id_token IS NOT NULL
        GROUP BY seller_token, day
    ),
    running AS
    (
        SELECT seller_token, day,
            sum(yuan) OVER (PARTITION BY seller_token ORDER BY toInt32(toUInt16(day)) RANGE BETWEEN 364 PRECEDING AND CURRENT ROW) AS yuan
        FROM daily
    ),
    -- The worst twelve months of a seller; their tickets are read afterwards, because a list per day would grow with its square.
    worst AS
    (
        SELECT seller_token, max(day) AS judged_on, argMax(day, (r.yuan, day)) AS last_on, max(r.yuan) AS sum_yuan
        FROM running AS r
        WHERE r.yuan > {yuan}
        GROUP BY seller_token
    )
SELECT
    concat('seller:', lower(hex(assumeNotNull(s.seller_token)))) AS case_key,
    any(s.judged_on) AS judged_on,
    toDecimal64(any(s.sum_yuan) - {yuan}, 2) AS amount_yuan,
    arraySort(groupArray(w.event)) AS events,
    min(ifNull(w.seller_id_masked, '')) AS seller,
    s.last_on AS last_on,
    count() AS tickets,
    any(s.sum_yuan) AS sum_yuan,
    arraySort(groupUniqArray(w.site_id)) AS sites
FROM worst AS s
INNER JOIN weighing AS w ON w.seller_id_token = s.seller_token
WHERE w.direction = '收' AND w.day BETWEEN s.last_on - 364 AND s.last_on
GROUP BY s.seller_token, s.last_on
