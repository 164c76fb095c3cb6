-- id: A28
-- name: 家电成交价高于备案价或近期价格
-- severity: O
-- recipients: [县市场监管局, 县科技局]
-- key: [apply]
-- tolerance: {above: 0.15, days: 30, sales: 5}
-- in_force: {from: 2024-07-24, to: null}
-- deadline_days: 10
-- source: 成交价不得高于备案价,也不高于同店同型号此前{days}日成交价中位数的15%以上(此前不足{sales}笔的只比备案价)
-- evidence: {apply_no: 申请编号, sku: 型号, purchased_on: 购买日期, price_yuan: 成交价(元), registered_yuan: 备案价(元), usual_yuan: 近30日中位数(元), sales: 近30日笔数}
-- question: 申请{apply_no}购买{sku},成交价{price_yuan}元,备案价{registered_yuan}元,同店近30日中位数{usual_yuan}元,请核实是否先涨后补?
-- advice: 调取商家该型号近期销售记录与标价;确属涨价套补的追回并通报。
WITH
    sale AS
    (
        SELECT case_key, first_paid_on, net_yuan, events, apply_no, registered_price_yuan, merchant_uscc, sku,
            assumeNotNull(purchased_on) AS bought_on, assumeNotNull(price_yuan) AS price
        FROM application
        WHERE item_code = 'appliance' AND net_yuan > 0 AND purchased_on IS NOT NULL AND price_yuan IS NOT NULL
    ),
    -- A day's sales of a model at one price are told apart by nothing here: they are counted, so that a shop may sell any number.
    priced AS
    (
        SELECT merchant_uscc, sku, bought_on, price,
            -- What the model cost at this shop in the days before: prices in order and how many sales at each.
            sumMap([toFloat64(price)], [toInt64(count())]) OVER (
                PARTITION BY merchant_uscc, sku ORDER BY toInt32(toUInt16(bought_on)) RANGE BETWEEN {days} PRECEDING AND CURRENT ROW) AS around
        FROM sale GROUP BY merchant_uscc, sku, bought_on, price
    ),
    usual AS
    (
        SELECT merchant_uscc, sku, bought_on, price,
            arrayMap((p, n) -> n - (p = toFloat64(price)), around.1, around.2) AS numbers, -- its own sale left out
            arraySum(numbers) AS others,
            -- quantileExact's median: the one in the middle, the upper of two.
            around.1[arrayFirstIndex(n -> n > intDiv(others, 2), arrayCumSum(numbers))] AS median
        FROM priced
    )
SELECT
    s.case_key AS case_key,
    s.first_paid_on AS judged_on,
    s.net_yuan AS amount_yuan,
    s.events AS events,
    s.apply_no AS apply_no,
    ifNull(s.sku, '') AS sku,
    s.bought_on AS purchased_on,
    s.price AS price_yuan,
    s.registered_price_yuan AS registered_yuan,
    if(u.others >= {sales}, toNullable(u.median), NULL) AS usual_yuan,
    toUInt64(u.others) AS sales
FROM sale AS s
LEFT JOIN usual AS u ON u.merchant_uscc = s.merchant_uscc AND u.sku = s.sku AND u.bought_on = s.bought_on AND u.price = s.price
WHERE s.price > s.registered_price_yuan OR toFloat64(s.price) > usual_yuan * (1 + {above})
