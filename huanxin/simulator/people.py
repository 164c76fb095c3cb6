"""People: random names over numbers that no real person can have."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from huanxin.simulator.dice import Dice
from huanxin.simulator.towns import OUTSIDE, TOWNS
from schemas.check_digits import person_id_check_digit

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
    "范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉力玉兰志红梅建军斌波宇浩凯健俊帆雪倩婷晨阳欣"
    "怡泽轩梓涵晋太行沁河清云山林雨田春夏秋冬"
)
_UNASSIGNED = "140599"
"""A division code that GB/T 2260 does not assign, so the numbers pass every check and still belong to nobody."""

_ADULTS_FROM, _ADULTS_DAYS = date(1956, 1, 1), 17_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the county, or from outside it."""

    name: str
    person_id: str
    phone: str
    account: str
    town: str
    address: str


class People:
    """Makes people, each with a number, a phone and an account of his own."""

    def __init__(self, dice: Dice, second: bool = False) -> None:
        """`second`: a second population beside the first, none of whose numbers meets the first's."""
        self._dice = dice
        self._births: Counter[date] = Counter()
        self._first_birth = 500 if second else 0
        self._made = 50_000_000 if second else 0

    def new(self, town: str | None = None) -> Person:
        """A new adult of the town, or of a town drawn by its share of the people."""
        dice = self._dice
        self._made += 1
        town = town or dice.one_of(TOWNS)
        where = "外县" if town == OUTSIDE else f"阳城县{town}"
        return Person(
            name=dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2)))),
            person_id=self._person_id(),
            phone=f"100{self._made:08d}",
            account=account(self._made),
            town=town,
            address=f"{where}演示{dice.randrange(1, 60)}村{self._made if self._first_birth else dice.randrange(1, 2_000)}号",
        )

    def _person_id(self) -> str:
        while True:
            birth = _ADULTS_FROM + timedelta(days=self._dice.randrange(_ADULTS_DAYS))
            if self._births[birth] + self._first_birth < (999 if self._first_birth else 499):
                break
        self._births[birth] += 1
        first_17 = f"{_UNASSIGNED}{birth:%Y%m%d}{self._births[birth] + self._first_birth:03d}"
        return first_17 + person_id_check_digit(first_17)


def account(serial: int) -> str:
    """A 19-digit account under the made-up leading group 999, with a valid Luhn digit."""
    body = f"999{serial:015d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{body}{-total % 10}"
