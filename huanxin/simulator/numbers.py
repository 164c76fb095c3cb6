"""Running numbers of documents, so that no invoice, payment or certificate is numbered twice."""

from collections import Counter
from datetime import date


class Numbers:
    """Counts each series by itself."""

    def __init__(self, second: bool = False) -> None:
        """`second`: beside the first, and never the same number."""
        self._counts: Counter[str] = Counter()
        self._start = 500_000 if second else 0

    def next(self, series: str) -> int:
        """The next number of the series, from 1."""
        self._counts[series] += 1
        return self._start + self._counts[series]

    def invoice(self) -> str:
        """A 20-digit invoice number, as digital invoices have, under the unused year 99."""
        return f"99149999{self.next('invoice'):012d}"

    def dated(self, prefix: str, day: date) -> str:
        """A number that leads with its day, as `ZF20240807000123`."""
        return f"{prefix}{day:%Y%m%d}{self.next(prefix):06d}"
