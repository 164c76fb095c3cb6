"""The county's state while it is simulated: its dice, its people, its cars and its running numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from huanxin.simulator.dice import Dice
from huanxin.simulator.garage import Garage
from huanxin.simulator.months import months
from huanxin.simulator.numbers import Numbers
from huanxin.simulator.options import Options
from huanxin.simulator.people import People


@dataclass(frozen=True, slots=True)
class County:
    """Everything the generators of documents share."""

    options: Options
    dice: Dice
    people: People
    garage: Garage
    numbers: Numbers

    @classmethod
    def of(cls, options: Options, second: bool = False) -> "County":
        """The county as it stands before the first month; a `second` one shares no number with the first."""
        dice = Dice(options.seed + second)
        return cls(options, dice, People(dice, second), Garage(dice, second), Numbers(second))

    @property
    def months(self) -> Iterator[date]:
        """The first day of every month simulated."""
        return months(self.options.first, self.options.last)

    def count(self, expected: float) -> int:
        """How many of something a month brings, at this scale."""
        return self.dice.about(expected * self.options.scale)

    def covers(self, day: date) -> bool:
        """Whether the day lies in the months simulated."""
        return self.options.first <= day <= self.options.last
