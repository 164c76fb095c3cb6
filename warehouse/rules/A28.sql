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
        SELECT *, assumeNotNull(purchased_on) AS bought_on, assumeNotNull(price_yuan) AS price
        FROM application
        WHERE item_code = 'appliance' AND net_yuan > 0 AND purchased_on IS NOT NULL AND price_yuan IS NOT NULL
    ),
    priced AS
    (
        SELECT *,
            -- What the model cost at this shop in the days before, its own sale left out.
            groupArray(toFloat64(price)) OVER (
                PARTITION BY merchant_uscc, sku ORDER BY toInt32(toUInt16(bought_on)) RANGE BETWEEN {days} PRECEDING AND CURRENT ROW) AS around
        FROM sale
    ),
    usual AS
    (
        SELECT *, arraySort(arrayFilter((p, i) -> i != indexOf(around, toFloat64(price)), around, arrayEnumerate(around))) AS others,
            if(length(others) >= {sales}, arrayReduce('quantileExact', others), NULL) AS median
        FROM priced
    )
SELECT
    case_key,
    first_paid_on AS judged_on,
    net_yuan AS amount_yuan,
    events,
    apply_no,
    ifNull(sku, '') AS sku,
    bought_on AS purchased_on,
    price AS price_yuan,
    registered_price_yuan AS registered_yuan,
    median AS usual_yuan,
    length(others) AS sales
FROM usual
WHERE price > registered_price_yuan OR toFloat64(price) > median * (1 + {above})
