"""Seeded chance that lets nothing be missing: whatever is possible for the first time happens."""

from huanxin.simulator.dice import Dice


class Chance:
    """Draws kinds of dirt by their rates."""

    def __init__(self, seed: int) -> None:
        self.dice = Dice(seed)
        self.used: set[str] = set()

    def happens(self, kind: str, rate: float) -> bool:
        """True at this rate, and the first time that it is asked."""
        if kind in self.used and not self.dice.happens(rate):
            return False
        self.used.add(kind)
        return True
