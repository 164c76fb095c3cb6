"""What the pages must show: titles of pages and charts, and figures as ClickHouse has them."""

PAGES = {
    "overview": "总览驾驶舱",
    "targets": "目标进度",
    "tasks": "十五项任务清单",
    "scrap": "汽车报废与更新",
    "usedcar": "二手车流通",
    "recycling": "再生资源回收",
    "subsidy": "补贴资金监管",
    "findings": "异常核查台账",
    "investment": "设备投资(七领域)",
    "quality": "数据质量与报送",
}
TITLES = {
    "overview": {
        "六项目标:与序时路径之比(%),实际、路径与2027年目标",
        "本年补贴净拨付(万元)",
        "报废汽车、二手车、废旧家电(按月)",
        "各部门待核查的异常(件)",
    },
    "targets": {
        "六项目标:现在与2027年",
        "按月与到2027年:实际、序时路径与推算",
        "能效、环保、再生材料三项占比(%,本年按月)",
    },
    "tasks": {"任务与月份", "逾期未报", "任务与报送部门的按时率(%)", "本期应报"},
    "scrap": {
        "报废汽车回收量(辆,按月)",
        "从交车到拨付",
        "排放阶段、车龄、回收企业与登记地",
        "新能源占新车比重(%,按月)",
    },
    "usedcar": {
        "二手车交易量(辆,按月)",
        "县际流向(辆)",
        "成交价格、车龄与交易市场",
        "与二手车有关的核查",
    },
    "recycling": {
        "再生资源回收量(吨,按月)",
        "废旧家电回收量(件,按月)",
        "每辆报废汽车过磅净重(公斤,按月)",
        "站点明细",
        "与过磅有关的核查",
    },
    "subsidy": {"从首次拨付到净拨付(万元)", "各资金来源预算执行", "净拨付(万元,按月)", "按补贴项目", "各项目办理天数"},
    "findings": {"各规则的发现与核实"},
    "investment": {
        "七个领域:与序时路径之比(%),实际、路径与2027年目标",
        "设备投资(万元,按月)",
        "各领域报送、审定情况",
    },
    "quality": {"按时报送日历(%,最近一个整月)", "各来源收到、入库、重复、拒收", "拒收原因", "质量检查"},
}
DATA_DAY = "SELECT max(day) FROM mart.daily WHERE stream != 'indicator.reported'"
NEWEST = f"""
SELECT target, toFloat64(actual), ratio FROM mart.target_progress
WHERE target LIKE 'T%' AND (target IN (SELECT target FROM mart.target WHERE kind != 'stream')
    OR toLastDayOfMonth(toDate(concat(period, '-01'))) <= ({DATA_DAY}))
ORDER BY target, period DESC LIMIT 1 BY target"""
"""Each target's last whole month: what the pages judge by."""
MONTHS = """
SELECT target, toUInt16(left(period, 4)) AS year, toUInt8(right(period, 2)) AS month, toFloat64(actual), toFloat64(path)
FROM mart.target_progress
WHERE NOT ifNull(open, false) AND actual IS NOT NULL AND path IS NOT NULL
    AND year + 1 >= (SELECT toUInt16(max(left(period, 4))) FROM mart.target_progress WHERE NOT ifNull(open, false))
ORDER BY target, period"""
YEARS = """
SELECT target, year, toFloat64(forecast), toFloat64(low), toFloat64(high)
FROM mart.target_forecast
WHERE low IS NOT NULL AND year > (SELECT toUInt16(max(left(period, 4))) FROM mart.target_progress WHERE NOT ifNull(open, false))
ORDER BY target, year, origin DESC LIMIT 1 BY target, year"""
PAID = """
SELECT toFloat64(sum(amount_yuan)) / 10000 FROM mart.daily
WHERE stream = 'subsidy.paid'
AND toYear(day) = (SELECT toYear(month) FROM mart.data_month)
AND day <= (SELECT toLastDayOfMonth(month) FROM mart.data_month)"""
OF_FACET = "SELECT sum(pieces) AS pieces FROM mart.facet WHERE stream = '{}' AND facet = '{}' GROUP BY value"
FIGURES = {
    "scrap": (
        ("{:,.0f} 辆", "SELECT this_year['scrapped'] FROM mart.measures_now"),
        ("{:,.0f} 辆", "SELECT sum(pieces) FROM mart.daily WHERE stream = 'newcar.registered' AND toYear(day) = 2024"),
        ("{:,.0f} 辆 ·", f"SELECT max(pieces) FROM ({OF_FACET.format('scrappage.deregistered', '登记地')})"),
    ),
    "usedcar": (
        (
            "{:,.0f} 辆",
            "SELECT count() FROM landing.usedcar_transferred_current WHERE status != 'voided' AND toYear(day) = 2024",
        ),
        ("{:,.2f} 万元", "SELECT this_year['transferred_yuan'] / 10000 FROM mart.measures_now"),
        ("{:,.0f} 辆 ·", f"SELECT max(pieces) FROM ({OF_FACET.format('usedcar.transferred', '交易市场')})"),
    ),
    "recycling": (
        (
            "{:,.1f} 吨",
            "SELECT sumIf(net_kg, direction = '收') / 1000 FROM landing.recycling_weighed_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
    ),
    "investment": (
        (
            "{:,.2f} 万元",
            "SELECT sum(value) FROM mart.indicator WHERE startsWith(indicator_code, 'T1.') AND period = '2024-12'",
        ),
    ),
    "subsidy": (
        (
            "{:,.2f} 万元",
            "SELECT toFloat64(sumIf(amount_yuan, pay_result = '成功')) / 10000 + 1e-7 FROM landing.subsidy_paid_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
        (
            "{:,.2f} 万元",
            "SELECT toFloat64(-sumIf(amount_yuan, payout_kind = 'refund')) / 10000 + 1e-7 FROM landing.subsidy_paid_current "
            "WHERE status != 'voided' AND toYear(day) = 2024",
        ),
    ),
    "findings": (
        ("{:,d} 件", "SELECT countIf(status = 'open' AND disposition = '' AND severity = 'R') FROM mart.finding"),
        ("{:,d} 件", "SELECT countIf(status = 'open' AND disposition = '') FROM mart.finding"),
    ),
    "tasks": (("{:d} 项次", "SELECT countIf(state = '逾期未报') FROM mart.task_matrix"),),
}
"""What a page must say, counted apart from the way it counts."""
