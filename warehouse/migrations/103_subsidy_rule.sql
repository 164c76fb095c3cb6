-- Subsidy rules, limits and budgets: warehouse/reference/subsidy_rules.yaml, one edition per load.
CREATE TABLE mart.subsidy_rule_edition
(
    edition UInt64,
    item_code LowCardinality(String),
    version String,
    variant String,
    apply_from Date,
    apply_to Date,
    acts_from Date,
    acts_to Date,
    published Date,
    basis String,
    amount_yuan Nullable(Decimal(18, 2)),
    percent Nullable(Decimal(18, 2)),
    cap_yuan Nullable(Decimal(18, 2)),
    petrol_until Nullable(Date),
    other_until Nullable(Date),
    nev_until Nullable(Date),
    held_before Nullable(Date),
    displacement_ml Nullable(Int64),
    verified LowCardinality(String),
    condition String,
    source String
)
ENGINE = MergeTree
ORDER BY (edition, item_code, version, variant);

CREATE VIEW mart.subsidy_rule DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.subsidy_rule_edition WHERE edition = (SELECT max(edition) FROM mart.subsidy_rule_edition);

CREATE TABLE mart.person_limit_edition
(
    edition UInt64,
    item_code LowCardinality(String),
    from_on Date,
    limit_a_year UInt32,
    verified LowCardinality(String),
    source String
)
ENGINE = MergeTree
ORDER BY (edition, item_code, from_on);

CREATE VIEW mart.person_limit DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.person_limit_edition WHERE edition = (SELECT max(edition) FROM mart.person_limit_edition);

CREATE TABLE mart.budget_edition
(
    edition UInt64,
    fund_source LowCardinality(String),
    year UInt16,
    approved_yuan Decimal(18, 2),
    synthetic Bool,
    source String
)
ENGINE = MergeTree
ORDER BY (edition, fund_source, year);

CREATE VIEW mart.budget DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT * EXCEPT edition FROM mart.budget_edition WHERE edition = (SELECT max(edition) FROM mart.budget_edition);
