-- Until when the data go, and the last month that is whole: pages judge by whole months.
CREATE VIEW mart.data_month AS
SELECT newest_day AS data_day, if(data_day = toLastDayOfMonth(data_day), toStartOfMonth(data_day), addMonths(toStartOfMonth(data_day), -1)) AS month
FROM mart.computed;

-- The figures of the pages' number cards by month, each defined once: 汽车 = K/H/Q/Z and 三轮 N; 家电 = the five kinds of target T6.
CREATE VIEW mart.measure_month AS
SELECT part.1 AS measure, toStartOfMonth(day) AS month, sum(part.2) AS value
FROM mart.daily
ARRAY JOIN arrayFilter(p -> p.2 != 0,
[
    ('scrapped', if(stream = 'scrappage.certified' AND category IN ('K', 'H', 'Q', 'Z', 'N'), toFloat64(pieces), 0)),
    ('deregistered', if(stream = 'scrappage.deregistered' AND category IN ('K', 'H', 'Q', 'Z', 'N'), toFloat64(pieces), 0)),
    ('newcars', if(stream = 'newcar.registered', toFloat64(pieces), 0)),
    ('nev', if(stream = 'newcar.registered' AND category = 'nev', toFloat64(pieces), 0)),
    ('transferred', if(stream = 'usedcar.transferred', toFloat64(pieces), 0)),
    ('transferred_local', if(stream = 'usedcar.transferred' AND category = '本地', toFloat64(pieces), 0)),
    ('transferred_in', if(stream = 'usedcar.transferred' AND category = '转入', toFloat64(pieces), 0)),
    ('transferred_out', if(stream = 'usedcar.transferred' AND category = '转出', toFloat64(pieces), 0)),
    ('transferred_yuan', if(stream = 'usedcar.transferred', toFloat64(amount_yuan), 0)),
    ('recycled_kg', if(stream = 'recycling.weighed' AND NOT endsWith(category, '·售'), toFloat64(net_kg), 0)),
    ('sold_kg', if(stream = 'recycling.weighed' AND endsWith(category, '·售'), toFloat64(net_kg), 0)),
    ('scrapcar_kg', if(stream = 'recycling.weighed' AND category = '报废汽车', toFloat64(net_kg), 0)),
    ('appliances', if(stream = 'recycling.weighed' AND category IN ('冰箱', '洗衣机', '电视', '空调', '电脑'), toFloat64(pieces), 0)),
    ('paid_yuan', if(stream = 'subsidy.paid', toFloat64(amount_yuan), 0)),
    ('payouts', if(stream = 'subsidy.paid', toFloat64(events), 0)),
    ('paid_cars_yuan', if(stream = 'subsidy.paid' AND category IN ('car_scrap', 'car_replace'), toFloat64(amount_yuan), 0))
]) AS part
WHERE day >= toDate('2023-01-01')
GROUP BY measure, month;

-- Each of them in the last whole month, beside the month before, the same month last year, and both years so far.
CREATE VIEW mart.measure_standing AS
WITH (SELECT month FROM mart.data_month) AS newest
SELECT
    measure,
    newest AS data_month,
    sumIf(value, month = newest) AS this_month,
    sumIf(value, month = addMonths(newest, -1)) AS previous_month,
    sumIf(value, month = addYears(newest, -1)) AS month_last_year,
    sumIf(value, toYear(month) = toYear(newest) AND month <= newest) AS this_year,
    sumIf(value, toYear(month) + 1 = toYear(newest) AND month <= addYears(newest, -1)) AS last_year
FROM mart.measure_month
GROUP BY measure;

-- The measures above as one row, for pages that combine several of them in a sentence.
CREATE VIEW mart.measures_now AS
SELECT
    max(data_month) AS month,
    mapFromArrays(groupArray(measure), groupArray(this_month)) AS this_month,
    mapFromArrays(groupArray(measure), groupArray(previous_month)) AS previous_month,
    mapFromArrays(groupArray(measure), groupArray(month_last_year)) AS month_last_year,
    mapFromArrays(groupArray(measure), groupArray(this_year)) AS this_year,
    mapFromArrays(groupArray(measure), groupArray(last_year)) AS last_year
FROM mart.measure_standing;
