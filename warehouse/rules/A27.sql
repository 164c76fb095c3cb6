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
    sold AS
    (
        SELECT *, sum(amount_yuan) OVER w AS running, count() OVER w AS tickets_in, groupArray(event) OVER w AS events_in,
            groupUniqArray(site_id) OVER w AS sites_in
        FROM weighing
        WHERE direction = '收' AND seller_id_token IS NOT NULL
        WINDOW w AS (PARTITION BY seller_id_token ORDER BY toInt32(toUInt16(day)) RANGE BETWEEN 364 PRECEDING AND CURRENT ROW)
    )
SELECT
    concat('seller:', lower(hex(assumeNotNull(seller_id_token)))) AS case_key,
    max(day) AS judged_on,
    toDecimal64(max(running) - {yuan}, 2) AS amount_yuan,
    arraySort(argMax(events_in, (running, day))) AS events,
    min(ifNull(seller_id_masked, '')) AS seller,
    argMax(day, (running, day)) AS last_on,
    argMax(tickets_in, (running, day)) AS tickets,
    max(running) AS sum_yuan,
    arraySort(argMax(sites_in, (running, day))) AS sites
FROM sold
WHERE running > {yuan}
GROUP BY seller_id_token
