"""Companies: recyclers, car dealers and shops, all named 演示."""

from dataclasses import dataclass

from huanxin.simulator.people import account
from huanxin.simulator.towns import COUNTY
from schemas.check_digits import uscc_check_character

_FIRST_ACCOUNT = 900_000_000


@dataclass(frozen=True, slots=True)
class Firm:
    """A company, with its 统一社会信用代码 and its account."""

    name: str
    uscc: str
    account: str
    division: str = COUNTY


def firm(serial: int, name: str, division: str = COUNTY) -> Firm:
    """A company by its serial number: organisation codes read MADEM0…, under an unassigned division."""
    first_17 = f"91140599MADEM0{serial:03d}"
    return Firm(name, first_17 + uscc_check_character(first_17), account(_FIRST_ACCOUNT + serial), division)


RECYCLERS = (firm(1, "演示太行报废汽车回收拆解有限公司"), firm(2, "演示沁河报废机动车回收有限公司"))
"""The two dismantlers of the county; the first takes about 60 % of the cars."""

LOCAL_DEALERS = tuple(firm(10 + n, f"演示阳城{name}汽车销售有限公司") for n, name in enumerate("甲乙丙丁戊己"))
OTHER_DEALERS = tuple(
    firm(30 + n, f"演示晋城{name}汽车销售有限公司", division)
    for n, (name, division) in enumerate((("甲", "140502"), ("乙", "140502"), ("丙", "140525"), ("丁", "140581")))
)
MARKETS = tuple(firm(50 + n, f"演示阳城第{name}二手车交易市场") for n, name in enumerate("一二三"))
SHOPS = tuple(firm(60 + n, f"演示阳城{name}家电商场") for n, name in enumerate("东西南北中金木水火土日月"))
