-- One row per case, recomputed from its documents' newest revisions whenever one of them is touched. An absent leg is NULL: absence is
-- a fact. `<leg>_key` is the event's id, as receipts are asked for. A case whose documents are all voided is no longer live.
CREATE TABLE mart.vehicle_case_row
(
    case_key String,                -- vin:<token> of the car that is scrapped or sold
    vin_masked String,
    item_code LowCardinality(String),       -- empty where nothing was applied for
    apply_no String,
    fund_source LowCardinality(String),
    vehicle_class LowCardinality(String),
    emission_stage LowCardinality(String),
    recycler String,
    town String,
    handed_over_on Nullable(Date),          -- 交车
    certified_on Nullable(Date),            -- 回收证明
    certified_key Nullable(String),
    weighed_on Nullable(Date),              -- 过磅
    weighed_key Nullable(String),
    deregistered_on Nullable(Date),         -- 注销
    deregistered_key Nullable(String),
    invoiced_on Nullable(Date),             -- 购新车
    registered_on Nullable(Date),           -- 新车注册
    registered_key Nullable(String),        -- invoice and registration come in one document
    applied_on Nullable(Date),              -- 申请
    reviewed_on Nullable(Date),             -- 审核
    paid_on Nullable(Date),                 -- 拨付, the last one
    paid_key Nullable(String),
    paid_yuan Decimal(18, 2),               -- net of refunds
    refunded_on Nullable(Date),             -- 追回
    refunded_key Nullable(String),
    refunded_yuan Decimal(18, 2),
    due_yuan Nullable(Decimal(18, 2)),      -- under the subsidy rules; NULL where the amount is not known
    due_version String,                     -- the rule it is due by
    live Bool,
    computed_at DateTime64(6, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY case_key;

CREATE VIEW mart.vehicle_case DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    * EXCEPT (live, computed_at),
    multiIf(
        paid_on IS NOT NULL AND paid_yuan <= 0, '已追回',
        paid_on IS NOT NULL, '已拨付',
        applied_on IS NOT NULL, '已申请',
        registered_on IS NOT NULL, '已购新车',
        deregistered_on IS NOT NULL, '已注销',
        '已交车') AS stage,
    least(ifNull(handed_over_on, toDate('2149-06-06')), ifNull(deregistered_on, toDate('2149-06-06')),
        ifNull(registered_on, toDate('2149-06-06')), ifNull(applied_on, toDate('2149-06-06'))) AS opened_on,
    dateDiff('day', opened_on, ifNull(if(paid_on IS NULL AND item_code = '', deregistered_on, paid_on), today())) AS days_open,
    multiIf(
        paid_on IS NOT NULL, '',
        certified_on IS NOT NULL AND deregistered_on IS NULL, '注销',
        reviewed_on IS NOT NULL, '拨付',
        '') AS next_expected,
    multiIf(
        next_expected = '注销', addDays(certified_on, 30),
        next_expected = '拨付', addDays(reviewed_on, 30),
        NULL) AS next_expected_by
FROM mart.vehicle_case_row FINAL
WHERE live;

CREATE TABLE mart.appliance_case_row
(
    case_key String,                -- serial:<number> of the appliance bought
    item_code LowCardinality(String),
    apply_no String,
    fund_source LowCardinality(String),
    goods_category LowCardinality(String),
    sku String,
    energy_grade LowCardinality(String),
    merchant_uscc String,
    price_yuan Nullable(Decimal(18, 2)),
    town String,
    purchased_on Nullable(Date),
    applied_on Nullable(Date),
    reviewed_on Nullable(Date),
    paid_on Nullable(Date),
    paid_key Nullable(String),
    paid_yuan Decimal(18, 2),
    refunded_on Nullable(Date),
    refunded_key Nullable(String),
    refunded_yuan Decimal(18, 2),
    due_yuan Nullable(Decimal(18, 2)),      -- under the subsidy rules; NULL where the amount is not known
    due_version String,                     -- the rule it is due by
    live Bool,
    computed_at DateTime64(6, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY case_key;

CREATE VIEW mart.appliance_case DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    * EXCEPT (live, computed_at),
    multiIf(paid_on IS NOT NULL AND paid_yuan <= 0, '已追回', paid_on IS NOT NULL, '已拨付', '已申请') AS stage,
    ifNull(purchased_on, applied_on) AS opened_on,
    dateDiff('day', opened_on, ifNull(paid_on, today())) AS days_open,
    if(paid_on IS NULL AND reviewed_on IS NOT NULL, '拨付', '') AS next_expected,
    if(next_expected = '拨付', addDays(reviewed_on, 30), NULL) AS next_expected_by
FROM mart.appliance_case_row FINAL
WHERE live;

-- Subsidies for what has neither VIN nor serial number: farm machines, standards.
CREATE TABLE mart.application_case_row
(
    case_key String,                -- apply:<number>
    item_code LowCardinality(String),
    fund_source LowCardinality(String),
    town String,
    applied_on Nullable(Date),
    reviewed_on Nullable(Date),
    paid_on Nullable(Date),
    paid_key Nullable(String),
    paid_yuan Decimal(18, 2),
    refunded_on Nullable(Date),
    refunded_key Nullable(String),
    refunded_yuan Decimal(18, 2),
    due_yuan Nullable(Decimal(18, 2)),      -- under the subsidy rules; NULL where the amount is not known
    due_version String,                     -- the rule it is due by
    live Bool,
    computed_at DateTime64(6, 'Asia/Shanghai')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY case_key;

CREATE VIEW mart.application_case DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    * EXCEPT (live, computed_at),
    multiIf(paid_on IS NOT NULL AND paid_yuan <= 0, '已追回', paid_on IS NOT NULL, '已拨付', '已申请') AS stage,
    applied_on AS opened_on,
    dateDiff('day', opened_on, ifNull(paid_on, today())) AS days_open,
    if(paid_on IS NULL AND reviewed_on IS NOT NULL, '拨付', '') AS next_expected,
    if(next_expected = '拨付', addDays(reviewed_on, 30), NULL) AS next_expected_by
FROM mart.application_case_row FINAL
WHERE live;
