"""The county's towns and how its people spread over them."""

from collections.abc import Mapping

COUNTY = "140522"
"""Division code of 阳城县 (GB/T 2260)."""

NEIGHBOURS: Mapping[str, str] = {
    "140502": "城区",
    "140525": "泽州县",
    "140581": "高平市",
    "140521": "沁水县",
    "140524": "陵川县",
}
"""Other divisions of 晋城, where cars and buyers come from and go to."""

OUTSIDE = "县外"

_SEAT = "凤城镇"
_OTHERS = (
    *("北留镇", "润城镇", "芹池镇", "町店镇", "东冶镇", "次营镇", "河北镇", "蟒河镇", "横河镇"),
    *("西河乡", "寺头乡", "董封乡", "驾岭乡"),
)


def _weights() -> dict[str, float]:
    ranks = [1 / rank for rank in range(1, len(_OTHERS) + 1)]
    return {_SEAT: 0.4} | {town: 0.6 * rank / sum(ranks) for town, rank in zip(_OTHERS, ranks, strict=True)}


TOWNS: Mapping[str, float] = _weights()
"""Share of the people by town: about 40 % in the county seat, the rest by Zipf's law."""
