"""How Superset looks: Chinese numbers and dates, light, one accent, text of 14 px and more."""

import base64
from typing import Any

ACCENT = "#0F766E"
START = "/superset/dashboard/overview/"
"""Where everyone starts: the first page."""
NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", "元"]}
DATES = {
    "dateTime": "%Y年%-m月%-d日 %H:%M",
    "date": "%Y年%-m月%-d日",
    "time": "%H:%M:%S",
    "periods": ["上午", "下午"],
    "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
    "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    "months": [f"{month}月" for month in range(1, 13)],
    "shortMonths": [f"{month}月" for month in range(1, 13)],
}
COLORS = {
    "id": "huanxin",
    "label": "换新",
    "description": "",
    "isDefault": True,
    "colors": [ACCENT, "#94A3B8", "#64748B", "#5EAAA3", "#334155", "#CBD5E1", "#99C9C4"],
}
SERIES_COLORS = {
    **dict.fromkeys(("实际", "本年"), ACCENT),
    **dict.fromkeys(("序时路径", "路径"), "#334155"),
    "上年": "#94A3B8",
    "推算": "#99C9C4",
    # Vehicles, transfers
    "载客汽车": ACCENT,
    "载货汽车": "#94A3B8",
    "牵引车": "#64748B",
    "半挂车": "#5EAAA3",
    "三轮汽车": "#334155",
    "专项作业车": "#CBD5E1",
    "县内交易": ACCENT,
    "转入本县": "#5EAAA3",
    "转出本县": "#94A3B8",
    # What is recycled
    "废钢": ACCENT,
    "报废汽车": "#334155",
    "废塑料": "#94A3B8",
    "有色金属": "#5EAAA3",
    "电池": "#64748B",
    "冰箱": "#3E7CB1",
    "洗衣机": "#7FB2D9",
    "电视": "#8E6C8A",
    "空调": "#B59A5B",
    "电脑": "#6B8F71",
    # Money
    "汽车报废更新": ACCENT,
    "汽车置换更新": "#5EAAA3",
    "家电以旧换新": "#3E7CB1",
    "老旧营运货车报废更新": "#334155",
    "农机报废更新": "#6B8F71",
    "标准制修订": "#94A3B8",
    "中央资金": ACCENT,
    "省级资金": "#5EAAA3",
    "市级资金": "#94A3B8",
    "县级资金": "#334155",
    # The seven fields of investment
    "工业": ACCENT,
    "农业": "#6B8F71",
    "建筑": "#B59A5B",
    "交通": "#334155",
    "教育": "#3E7CB1",
    "文旅": "#8E6C8A",
    "医疗": "#7FB2D9",
    # Severities: status colours, each with its shape and word
    "\u200b\u200b\u200b● 红": "#B91C1C",
    "\u200b\u200b◆ 橙": "#B45309",
    "\u200b▲ 黄": "#CA8A04",
    **dict.fromkeys(("推算低", "推算高"), "#5EAAA3"),
    "合理下限": "#64748B",
    "合理上限": "#334155",
}
"""One colour per series on every page; what a series is stands in its name and its line, too."""
RATES = {
    "id": "huanxin_rate",
    "label": "比重",
    "description": "",
    "isDiverging": False,
    "colors": ["#F1F5F9", "#CCE3E1", "#99C9C4", "#5EAAA3", ACCENT],
}
"""For heat maps of shares from 0 to 100 %."""
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="24"><text x="0" y="19" font-size="20" font-weight="700" '
    f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" fill="{ACCENT}">换新</text></svg>'
)
_AXIS = {"axisLabel": {"fontSize": 14, "hideOverlap": True, "showMinLabel": None, "showMaxLabel": None}}
THEME: dict[str, Any] = {
    "token": {
        "brandAppName": "换新",
        "brandLogoAlt": "换新",
        "brandLogoUrl": "data:image/svg+xml;base64," + base64.b64encode(_LOGO.encode()).decode(),
        "brandLogoHref": START,
        "colorPrimary": ACCENT,
        "colorLink": ACCENT,
        "colorInfo": ACCENT,
        "colorSuccess": "#15803D",
        "colorWarning": "#B45309",
        "colorError": "#B91C1C",
        "fontFamily": "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif",
        "fontUrls": [],
        "fontSize": 14,
        "fontSizeSM": 14,
        "fontSizeXS": "14",
        "echartsOptionsOverrides": {
            "animation": False,  # sixty pictures a second of one chart while the next ones wait to be drawn
            "textStyle": {"fontSize": 14},
            "legend": {"textStyle": {"fontSize": 14}, "selector": False},
            "tooltip": {"textStyle": {"fontSize": 14}},
            "xAxis": _AXIS,
            "yAxis": {"axisLabel": {"fontSize": 14}},
        },
        # What is drawn as a line over bars is a path: always dashed, its figures readable on dark and light bars.
        "echartsOptionsOverridesByChartType": {
            "mixed_timeseries": {
                "series": {"lineStyle": {"type": "dashed"}, "label": {"textBorderColor": "#FFFFFF", "textBorderWidth": 3}}
            },
            # These have no axes; the sizes given above would draw a pair.
            **{key: {"xAxis": {"show": False}, "yAxis": {"show": False}} for key in ("sankey_v2", "funnel", "pie")},
        },
    },
    "algorithm": "default",
}
