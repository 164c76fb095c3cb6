-- mart.facet: what the pages break a stream's day down by, one dimension at a time. A facet is such a dimension (排放阶段, 站点, …)
-- and `value` one of its values; sums over one facet are the stream's. One at a time, because all crossed with each other would
-- be as many rows as events. Days and ages are values too, as whole numbers: medians follow from their counts.
-- Recomputed with mart.daily_cell by touched day (warehouse/facets.py), by the same rule of versions.
CREATE TABLE mart.facet_cell
(
    stream LowCardinality(String),
    facet LowCardinality(String),
    day Date,
    department LowCardinality(String),
    town LowCardinality(String),
    category LowCardinality(String),
    value String,
    events Int64,
    pieces Int64,
    net_kg Decimal(18, 2),
    amount_yuan Decimal(18, 2),
    version UInt64,
    computed_at DateTime64(3, 'Asia/Shanghai') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYear(day)
ORDER BY (stream, facet, day, department, town, category, value);

CREATE VIEW mart.facet DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT stream, facet, day, department, town, category, value, events, pieces, net_kg, amount_yuan
FROM mart.facet_cell FINAL
WHERE events != 0;

-- What each stream is broken down by: documents that count, once per facet; and as 报送 every stored row with its source and how
-- many days it took from the event to its report, corrections apart.
CREATE VIEW landing.scrappage_certified_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, kerb_kg AS net_kg, toDecimal64(0, 2) AS amount_yuan
FROM landing.scrappage_certified_current
ARRAY JOIN
[
    ('排放阶段', toString(emission_stage)),
    ('车龄', toString(intDiv(dateDiff('day', first_registered_on, handed_over_on), 365))),
    ('动力', transform(toString(fuel_code), ['1', '2', '8', '9'], ['汽油', '柴油', '混合动力', '纯电动'], '其他')),
    ('回收企业', recycler),
    ('交车至证明天数', toString(dateDiff('day', handed_over_on, issued_on)))
] AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.scrappage_certified FINAL;

CREATE VIEW landing.scrappage_deregistered_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, kerb_kg AS net_kg, toDecimal64(0, 2) AS amount_yuan
FROM landing.scrappage_deregistered_current
ARRAY JOIN
[
    ('登记地', division),
    ('注销原因', toString(cancel_reason))
] AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.scrappage_deregistered FINAL;

CREATE VIEW landing.usedcar_transferred_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, toDecimal64(0, 2) AS net_kg, price_yuan AS amount_yuan
FROM landing.usedcar_transferred_current
ARRAY JOIN
[
    ('流向', concat(from_division, '>', to_division)),
    ('价格', toString(intDiv(toUInt64(price_yuan), 10000))),
    ('车龄', toString(intDiv(dateDiff('day', first_registered_on, transferred_on), 365))),
    ('交易市场', ifNull(market, '未经市场'))
] AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.usedcar_transferred FINAL;

CREATE VIEW landing.recycling_weighed_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, net_kg, amount_yuan
FROM landing.recycling_weighed_current
ARRAY JOIN arrayFilter(p -> p.2 != '',
[
    ('站点', site_id),
    -- Invoices by the buyer for natural persons who sell: from 2024-04-29 on.
    ('反向开票', multiIf(direction != '收' OR seller_id_token IS NULL OR day < toDate('2024-04-29'), '', reverse_invoice_no IS NULL, '未开', '已开'))
]) AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.recycling_weighed FINAL;

CREATE VIEW landing.subsidy_paid_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, toDecimal64(0, 2) AS net_kg, amount_yuan
FROM landing.subsidy_paid_current
ARRAY JOIN arrayFilter(p -> p.2 != '',
[
    ('资金', concat(fund_source, '|', pay_result, '|', payout_kind)),
    ('申请至拨付天数', if(pay_result = '成功' AND payout_kind IN ('initial', 'reissue'), toString(dateDiff('day', applied_on, day)), '')),
    ('申请至审核天数', if(payout_kind = 'initial' AND reviewed_on IS NOT NULL, toString(dateDiff('day', applied_on, reviewed_on)), '')),
    ('审核至拨付天数', if(pay_result = '成功' AND payout_kind IN ('initial', 'reissue') AND reviewed_on IS NOT NULL, toString(dateDiff('day', reviewed_on, day)), '')),
    ('商户', if(pay_result = '成功' AND goods_category IS NOT NULL, concat('商户', substring(hex(payee_token), 1, 4)), '')),
    ('家电品类', if(pay_result = '成功', ifNull(toString(goods_category), ''), ''))
]) AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.subsidy_paid FINAL;

CREATE VIEW landing.newcar_registered_facets AS
SELECT day, department, m_town AS town, m_category AS category, part.1 AS facet, part.2 AS value,
    1 AS events, m_pieces AS pieces, toDecimal64(0, 2) AS net_kg, price_yuan AS amount_yuan
FROM landing.newcar_registered_current
ARRAY JOIN
[
    ('销售地', seller_county)
] AS part
WHERE status != 'voided'
UNION ALL
SELECT day, department, '', '', '报送', concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')), 1, 0, 0, 0
FROM landing.newcar_registered FINAL;

CREATE VIEW landing.indicator_reported_facets AS
SELECT day, department, '' AS town, '' AS category, '报送' AS facet, concat(source, '|', if(revision = 1, toString(greatest(0, dateDiff('day', occurred_at, reported_at))), '更正')) AS value,
    1 AS events, 0 AS pieces, toDecimal64(0, 2) AS net_kg, toDecimal64(0, 2) AS amount_yuan
FROM landing.indicator_reported FINAL;
