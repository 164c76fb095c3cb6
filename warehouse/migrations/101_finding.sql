-- What the supervision rules found, and what became of it. A finding is a question to look into, never a verdict.
-- One row for each change: opened, re-evaluated (its facts changed), closed (what was asked is explained), reopened. Rows are only
-- ever added, so the findings of any past moment are a query. `id` is a hash of rule and case: nothing sensitive in the sort key.
CREATE TABLE mart.finding_version
(
    id UUID,
    evaluated_at DateTime64(6, 'Asia/Shanghai'),    -- when the evaluation began: the latest one saw the most
    event LowCardinality(String),                   -- opened, re-evaluated, closed, reopened
    status LowCardinality(String),                  -- open, closed, not_judged (the rule's amount or limit is unknown)
    rule LowCardinality(String),
    rule_version String,
    case_key String,
    severity LowCardinality(String),                -- R, O, Y
    department LowCardinality(String),              -- who looks into it: the first recipient
    recipients Array(LowCardinality(String)),
    title String,
    question String,
    amount_yuan Decimal(18, 2),                     -- at stake
    evidence String,                                -- JSON: event keys and values, personal data only masked
    opened_at DateTime64(6, 'Asia/Shanghai'),
    closed_at Nullable(DateTime64(6, 'Asia/Shanghai')),
    deadline Date,
    fingerprint UInt64                              -- of all that a rule says; equal where nothing changed
)
ENGINE = MergeTree
ORDER BY (id, evaluated_at);

-- What a department answered. The newest answer counts; all are kept.
CREATE TABLE ops.disposition
(
    id UUID,                                        -- the finding's
    at DateTime64(6, 'Asia/Shanghai') DEFAULT now64(6),
    disposition LowCardinality(String),             -- 属实, 误报, 已追回
    recovered_yuan Decimal(18, 2),
    note String,
    by String                                       -- the signed-in user
)
ENGINE = MergeTree
ORDER BY (id, at);

-- The findings now. A closed one stays, with the day it was explained.
CREATE VIEW mart.finding DEFINER = huanxin_admin SQL SECURITY DEFINER AS
SELECT
    f.id AS id, f.rule AS rule, f.rule_version AS rule_version, f.case_key AS case_key, f.severity AS severity,
    f.department AS department, f.recipients AS recipients, f.title AS title, f.question AS question,
    f.opened_at AS opened_at, f.closed_at AS closed_at, f.status AS status, f.deadline AS deadline,
    f.status = 'open' AND d.disposition = '' AND f.deadline < today() AS overdue,
    d.disposition AS disposition, d.recovered_yuan AS recovered_yuan, d.note AS note, d.by AS answered_by,
    if(d.disposition = '', NULL, d.at) AS answered_at,
    f.amount_yuan AS amount_yuan, f.evidence AS evidence, f.evaluated_at AS evaluated_at
FROM (SELECT * FROM mart.finding_version ORDER BY id, evaluated_at DESC LIMIT 1 BY id) AS f
LEFT JOIN (SELECT * FROM ops.disposition ORDER BY id, at DESC LIMIT 1 BY id) AS d ON d.id = f.id;

-- The findings as they stood at a past moment, with the answers given by then.
CREATE VIEW mart.finding_as_of AS
SELECT
    f.id AS id, f.rule AS rule, f.rule_version AS rule_version, f.case_key AS case_key, f.severity AS severity,
    f.department AS department, f.recipients AS recipients, f.title AS title, f.question AS question,
    f.opened_at AS opened_at, f.closed_at AS closed_at, f.status AS status, f.deadline AS deadline,
    f.status = 'open' AND d.disposition = '' AND f.deadline < toDate({as_of:DateTime64(6)}) AS overdue,
    d.disposition AS disposition, d.recovered_yuan AS recovered_yuan, d.note AS note, d.by AS answered_by,
    if(d.disposition = '', NULL, d.at) AS answered_at,
    f.amount_yuan AS amount_yuan, f.evidence AS evidence, f.evaluated_at AS evaluated_at
FROM (SELECT * FROM mart.finding_version WHERE evaluated_at <= {as_of:DateTime64(6)} ORDER BY id, evaluated_at DESC LIMIT 1 BY id) AS f
LEFT JOIN (SELECT * FROM ops.disposition WHERE at <= {as_of:DateTime64(6)} ORDER BY id, at DESC LIMIT 1 BY id) AS d ON d.id = f.id;
