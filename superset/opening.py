"""The judgement that a page opens with, above the cards it is made from: one chart, because both ask ClickHouse the same."""

from collections.abc import Mapping
from typing import Any

COLUMNS = ("verdict", "verdict_class", "verdict_mark", "judgement", "outlook")
"""What each dataset of cards says of them all, the same in every row."""
JUDGEMENT = """
{{#with data.[0]}}<div class="hx-judgement">
<span class="hx-verdict hx-{{verdict_class}}">{{verdict_mark}} {{verdict}}</span><span>{{judgement}}{{outlook}}</span>
</div>{{/with}}
""".replace("\n", "")


def opened(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of cards that say `opens: true`, with the judgement above them."""
    template = f'<div class="hx-opening">\n{JUDGEMENT}\n{params["handlebarsTemplate"]}\n</div>'
    kept = {key: value for key, value in params.items() if key != "opens"}
    return kept | {"all_columns": [*params["all_columns"], *COLUMNS], "handlebarsTemplate": template}
