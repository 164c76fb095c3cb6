-- Figures as Chinese officials write them, for the pages and the report. Where an argument is empty, so is the answer.
-- zhNumber(1234567.894, 2) = 1,234,567.89. A half is rounded up, as in the departments' own tables, and not to even.
CREATE FUNCTION IF NOT EXISTS zhNumber AS (x, digits) -> if(x IS NULL, NULL, concat(
    if(x < 0, '-', ''),
    reverse(trim(TRAILING ',' FROM replaceRegexpAll(reverse(toString(intDiv(toInt64(round(abs(ifNotFinite(toFloat64(x), 0)) * pow(10, digits) + 1e-7)), toInt64(pow(10, digits))))), '[0-9]{3}', '\\0,'))),
    if(digits = 0, '', concat('.', leftPad(toString(toInt64(round(abs(ifNotFinite(toFloat64(x), 0)) * pow(10, digits) + 1e-7)) % toInt64(pow(10, digits))), toUInt8(digits), '0')))));

-- zhMonth('2024-09-03') = 2024年9月, zhDay('2024-09-03') = 2024年9月3日.
CREATE FUNCTION IF NOT EXISTS zhMonth AS d -> concat(toString(toYear(d)), '年', toString(toMonth(d)), '月');
CREATE FUNCTION IF NOT EXISTS zhDay AS d -> concat(toString(toYear(d)), '年', toString(toMonth(d)), '月', toString(toDayOfMonth(d)), '日');

-- zhChange('同比', 110, 100) = 同比 +10.0%; what was nothing before has no ratio.
CREATE FUNCTION IF NOT EXISTS zhChange AS (word, now, before) -> if(ifNull(before, 0) = 0, concat(word, ' 上期为零'), concat(word, ' ', printf('%+.1f', (toFloat64(now) / toFloat64(before) - 1) * 100), '%'));
