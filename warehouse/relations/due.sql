-- What each paid application should have come to under the subsidy rules known today: of the versions whose windows hold it, the one
-- published last (and the one before, which counts while a top-up may still be under way). `due_yuan` is NULL where the amount is not
-- known; `cap_yuan` bounds it even then. A truck's amount is the sum of its parts, old truck scrapped early and new truck bought; a
-- part that no tier fits makes the whole unknown. Terms are looked up by number; number 1 is "no such rule".
WITH
    (
        SELECT arrayReverseSort(v -> v.1, groupArray((published, item_code, apply_from, apply_to, acts_from, acts_to, version)))
        FROM
        (
            SELECT item_code, version, max(r.published) AS published, max(r.apply_from) AS apply_from, max(r.apply_to) AS apply_to,
                   max(r.acts_from) AS acts_from, max(r.acts_to) AS acts_to
            FROM subsidy_rule AS r WHERE r.published <= {today} GROUP BY item_code, version
        )
    ) AS versions,
    (
        SELECT groupArray((concat(version, '|', variant), ifNull(amount_yuan, -1), ifNull(percent, -1), ifNull(cap_yuan, -1), verified))
        FROM subsidy_rule
    ) AS terms,
    arrayConcat(['none'], terms.1) AS names,
    arrayConcat([toDecimal64(-1, 2)], terms.2) AS amounts,
    arrayConcat([toDecimal64(-1, 2)], terms.3) AS percents,
    arrayConcat([toDecimal64(-1, 2)], terms.4) AS caps
SELECT
    * EXCEPT (numbers, earlier_numbers, whole, unread, matching, last_act, weight, years_early),
    arrayMap(
        i -> multiIf(
            amounts[i] >= 0, amounts[i],
            percents[i] >= 0 AND basis_yuan IS NOT NULL,
                least(caps[i], toDecimal64(round(ifNull(basis_yuan, 0) * percents[i] / 100, 2), 2)),
            toDecimal64(-1, 2)),
        numbers) AS parts,
    if(empty(parts) OR arrayMin(parts) < 0, NULL, arraySum(parts)) AS due_yuan,
    arrayMap(i -> amounts[i], earlier_numbers) AS earlier_parts,
    if(empty(earlier_parts) OR arrayMin(earlier_parts) < 0, NULL, arraySum(earlier_parts)) AS earlier_due_yuan,
    nullIf(caps[if(caps[whole] >= 0 OR empty(numbers), whole, numbers[1])], -1) AS cap_yuan,
    if(arrayExists(i -> has(unread, names[i]), numbers), 'M', 'V') AS verified
FROM
(
    SELECT
        *,
        arrayMap(v -> transform(concat(version, '|', v), names, arrayEnumerate(names), 1), variants) AS numbers,
        arrayMap(v -> transform(concat(earlier_version, '|', v), names, arrayEnumerate(names), 1), variants) AS earlier_numbers,
        transform(concat(version, '|'), names, arrayEnumerate(names), 1) AS whole,
        arrayMap(t -> t.1, arrayFilter(t -> t.5 = 'M', terms)) AS unread
    FROM
    (
        SELECT
            a.apply_no AS apply_no, a.case_key AS case_key, a.item_code AS item_code, a.applied_on AS applied_on,
            a.first_paid_on AS first_paid_on, a.paid_yuan AS paid_yuan, a.net_yuan AS net_yuan, a.events AS events,
            a.old_vin_token AS old_vin_token, a.old_vin_masked AS old_vin_masked,
            n.found = 1 AS has_newcar,
            if(a.item_code = 'appliance', a.price_yuan, if(has_newcar, toNullable(n.price_yuan), NULL)) AS basis_yuan,
            greatest(c.handed_over_on, n.invoiced_on) AS last_act, -- 1970-01-01 where neither is known
            if(ifNull(d.gross_kg, 0) >= {heavy_kg}, '重', '中') AS weight,
            dateDiff('day', c.handed_over_on, d.compulsory_scrap_on) / 365.25 AS years_early,
            multiIf(
                a.item_code IN ('car_scrap', 'car_replace'), if(has_newcar, [if(n.nev_catalogue, 'nev', 'fuel')], []),
                a.item_code = 'appliance', arrayFilter(v -> v != '', [ifNull(a.energy_grade, '')]),
                a.item_code = 'truck', arrayConcat(
                    [concat('scrap:', weight, ':', multiIf(years_early >= 4, '4', years_early >= 2, '2', years_early >= 1, '1', '?'))],
                    if(has_newcar, [concat('new:', if(n.nev_catalogue, 'nev', 'fuel'), ':', multiIf(
                        ifNull(n.gross_kg, 0) < {heavy_kg}, '?', n.axles >= 4, '4', ifNull(toString(n.axles), '?')))], [])),
                ['']) AS variants,
            arrayFilter(
                v -> v.2 = a.item_code AND a.applied_on BETWEEN v.3 AND v.4
                    AND (last_act = toDate(0) OR last_act BETWEEN v.5 AND v.6),
                versions) AS matching,
            matching[1].7 AS version, matching[1].1 AS published, matching[2].7 AS earlier_version
        FROM (SELECT * FROM application WHERE paid_yuan > 0) AS a
        LEFT JOIN
        (
            SELECT 1 AS found, vin_token, nev_catalogue, price_yuan, invoiced_on, gross_kg, axles
            FROM newcar ORDER BY registered_on DESC, id LIMIT 1 BY vin_token
        ) AS n ON n.vin_token = a.new_vin_token
        LEFT JOIN (SELECT vin_token, max(handed_over_on) AS handed_over_on FROM certificate GROUP BY vin_token) AS c
            ON c.vin_token = a.old_vin_token
        LEFT JOIN
        (
            SELECT vin_token, gross_kg, compulsory_scrap_on FROM deregistration ORDER BY cancelled_on DESC, id LIMIT 1 BY vin_token
        ) AS d ON d.vin_token = a.old_vin_token
    )
)
