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
}
"""One colour per series on every page; what a series is stands in its name and its line, too."""
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
            }
        },
    },
    "algorithm": "default",
}
