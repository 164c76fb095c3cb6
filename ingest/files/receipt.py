"""The receipt of an upload, in Chinese: what was taken, what was there before, what comes back and why."""

from datetime import datetime

from ingest.files.reasons import doubt_reason, file_reason, row_reason
from ingest.files.report import Report
from ingest.sources import Source

SHOWN_ROWS = 20


def receipt_text(name: str, source: Source, report: Report, at: datetime, before: tuple[str, datetime] | None) -> str:
    """The receipt of one file; `before` names the file that brought the same bytes, and when."""
    rejected = report.rejected.total()
    lines = [
        "换新平台 文件回执",
        f"文件：{name}",
        f"来源：{source.department} {source.title}（{source.id}）",
        f"处理时间：{at:%Y-%m-%d %H:%M:%S}",
        "",
        f"收下：{report.accepted} 行" + _total(report, "accepted"),
        f"重复：{report.duplicate} 行" + _total(report, "duplicate") + "（以前已经收下，不会重复计算）",
        f"退回：{rejected} 行" + ("（见同名的“退回”文件，改正后可直接再次报送）" if rejected else ""),
    ]
    lines += [f"    {count} 行  {row_reason(reason, '', source)}" for reason, count in report.rejected.most_common()]
    for reason, count in report.doubted.most_common():
        rows = "、".join(str(doubt.row) for doubt in report.doubts[:SHOWN_ROWS] if doubt.reason == reason)
        lines.append(f"提醒：{count} 行  {doubt_reason(reason)}（原行号 {rows}{'…' if count > SHOWN_ROWS else ''}）")
    if report.passed_over:
        lines.append(f"跳过：{report.passed_over} 行（合计、小计、备注、重复的表头）")
    lines += [f"未读取：{error.name}：{file_reason(error)}" for error in report.refused]
    if before:
        lines.append(f"内容与 {before[1]:%Y-%m-%d %H:%M} 报送的“{before[0]}”完全相同。")
    if report.duplicate and not report.accepted:
        lines.append("有效的行以前都已收下：本次报送没有带来任何变化。")
    return "\r\n".join(lines) + "\r\n"


def _total(report: Report, outcome: str) -> str:
    """The control total, for comparison with the sender's books; nothing where the documents have no amount."""
    yuan = report.yuan(outcome)
    return f"，合计 {yuan:,.2f} 元" if yuan else ""
