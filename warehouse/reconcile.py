"""The ledger identity, asked on demand: received = stored + duplicate + rejected, in events and in yuan."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clickhouse_driver import Client


@dataclass(frozen=True, slots=True)
class Figures:
    """Events, and yuan exact to the fen; a resend's yuan are received once."""

    received: int
    stored: int
    duplicate: int
    rejected: int
    yuan_received: Decimal
    yuan_stored: Decimal

    def as_dict(self) -> dict[str, Any]:
        """Plain data; yuan as text, so that no float rounds them."""
        return asdict(self) | {"yuan_received": str(self.yuan_received), "yuan_stored": str(self.yuan_stored)}

    def __str__(self) -> str:
        return (
            f"received {self.received} = stored {self.stored} + duplicate {self.duplicate} + rejected {self.rejected}; "
            f"yuan {self.yuan_received} received, {self.yuan_stored} stored"
        )


@dataclass(frozen=True, slots=True)
class Break:
    """A source's day on which the identity does not hold."""

    source: str
    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The sums over all sources and days, and every break."""

    total: Figures
    breaks: tuple[Break, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `huanxin reconcile --json` prints it."""
        breaks = [{"source": b.source, "day": str(b.day)} | b.figures.as_dict() for b in self.breaks]
        return self.total.as_dict() | {"balanced": not self.breaks, "breaks": breaks}

    def as_text(self) -> str:
        """Each break on a line, then one line of figures."""
        lines = [f"BREAK {b.source} {b.day}: {b.figures}".replace(" = ", " ≠ ") for b in self.breaks]
        return "\n".join([*lines, f"{self.total}; {len(self.breaks)} breaks"])


def reconcile(client: Client) -> Reconciliation:
    """Ask ops.reconciliation. While events are landing, a batch between its two inserts shows as a break for a moment."""
    names = list(Figures.__dataclass_fields__)
    (total,) = client.execute(f"SELECT {', '.join(f'sum({name})' for name in names)} FROM ops.reconciliation")
    rows = client.execute(
        f"SELECT source, day, {', '.join(names)} FROM ops.reconciliation WHERE NOT balanced ORDER BY source, day"
    )
    return Reconciliation(Figures(*total), tuple(Break(source, day, Figures(*figures)) for source, day, *figures in rows))
