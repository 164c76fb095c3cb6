"""The ledger identity, asked on demand: received = stored + duplicate + rejected, in events and in yuan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clickhouse_driver import Client


@dataclass(frozen=True, slots=True)
class Break:
    """A source's day on which the identity does not hold."""

    source: str
    day: date
    received: int
    stored: int
    duplicate: int
    rejected: int
    yuan_received: Decimal
    yuan_stored: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The sums over all sources and days, and every break."""

    received: int
    stored: int
    duplicate: int
    rejected: int
    yuan_received: Decimal
    yuan_stored: Decimal
    breaks: tuple[Break, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data; yuan as text, exact to the fen."""
        names = ("received", "stored", "duplicate", "rejected")
        sums: dict[str, Any] = {name: getattr(self, name) for name in names}
        sums |= {"yuan_received": str(self.yuan_received), "yuan_stored": str(self.yuan_stored)}
        rows = [
            {"source": b.source, "day": str(b.day), **{name: getattr(b, name) for name in names}}
            | {"yuan_received": str(b.yuan_received), "yuan_stored": str(b.yuan_stored)}
            for b in self.breaks
        ]
        return sums | {"balanced": not self.breaks, "breaks": rows}

    def as_text(self) -> str:
        """Each break on a line, then one line of figures."""
        lines = [
            f"BREAK {b.source} {b.day}: received {b.received}, stored {b.stored}, duplicate {b.duplicate}, "
            f"rejected {b.rejected}; yuan {b.yuan_received} received, {b.yuan_stored} stored"
            for b in self.breaks
        ]
        lines.append(
            f"received {self.received} = stored {self.stored} + duplicate {self.duplicate} + rejected {self.rejected}; "
            f"yuan {self.yuan_received} received, {self.yuan_stored} stored; {len(self.breaks)} breaks"
        )
        return "\n".join(lines)


def reconcile(client: Client) -> Reconciliation:
    """Ask ops.reconciliation. While events are landing, a batch between its two inserts shows as a break for a moment."""
    columns = "received, stored, duplicate, rejected, yuan_received, yuan_stored"
    totals = ", ".join(f"sum({name})" for name in columns.split(", "))
    ((received, stored, duplicate, rejected, yuan_received, yuan_stored),) = client.execute(
        f"SELECT {totals} FROM ops.reconciliation"
    )
    rows = client.execute(f"SELECT source, day, {columns} FROM ops.reconciliation WHERE NOT balanced ORDER BY source, day")
    breaks = tuple(Break(*row) for row in rows)
    return Reconciliation(received, stored, duplicate, rejected, yuan_received, yuan_stored, breaks)
