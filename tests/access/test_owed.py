"""An empty chart names who owes it."""

import pytest

pytestmark = pytest.mark.usefixtures("superset_code")


def chart(*streams: str) -> dict[str, object]:
    return {"params": {"adhoc_filters": [{"subject": "stream", "operator": "IN", "comparator": list(streams)}]}}


def test_a_filter_on_a_stream_says_who_owes() -> None:
    from owed import owed_by, senders  # type: ignore[import-not-found]

    dataset = {"sql": "SELECT * FROM mart.daily WHERE stream != 'indicator.reported'"}
    assert owed_by(chart("usedcar.transferred"), dataset, senders()) == ["县公安局"]
    assert owed_by(chart("recycling.weighed"), dataset, senders()) == ["县供销联社", "县科技局"]
    assert owed_by(chart(), dataset, senders()) == [], "what is left out, nobody owes"
    assert owed_by(chart(), {"sql": "… WHERE stream = 'subsidy.paid'"}, senders()) == ["县财政局"]


def test_the_words_stand_under_the_charts_own_title() -> None:
    from owed import empty_states

    css = empty_states({'二手"车"': ["县公安局", "县税务局"], "无人": []})
    assert (
        css
        == '[data-test-chart-name="二手\\"车\\""] .ant-empty::after { content: "应报部门:县公安局、县税务局"; display: block; }'
    )
