"""The concurrent reader: looks at mart.daily and the current state all along, and keeps every figure that was wrong."""

import threading
from datetime import date

from clickhouse_driver import Client

from huanxin.chaos.load import TYPES
from huanxin.chaos.oracle import Oracle
from huanxin.settings import Settings
from schemas.catalogue import table
from warehouse.client import CLICKHOUSE_ERRORS, connect

PAUSE = 0.5
_DAILY = "SELECT sum(events), toInt64(sum(amount_yuan) * 100) FROM mart.daily WHERE stream = %(stream)s AND day IN %(days)s"
_CURRENT = (
    "SELECT count(), toInt64(sum(m_amount_yuan) * 100) FROM landing.{table}_current "
    "WHERE day IN %(days)s AND status != 'voided'"
)


class Reader:
    """Use it as a context. `wrong` holds figures that no reader should have seen, `failed` looks that gave none."""

    def __init__(self, settings: Settings, oracle: Oracle, days: list[date]) -> None:
        self.oracle, self.days = oracle, days
        self.wrong: list[str] = []
        self.failed: list[str] = []
        self.looks = 0
        self.may_fail = False
        """Set while ClickHouse is down: then a look may fail."""
        self._clients = {"mart.daily": connect(settings, "reader"), "current": connect(settings, "quality")}
        self._before: dict[tuple[str, str], tuple[int, int]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join(30)
        for client in self._clients.values():
            client.disconnect()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            for event_type in TYPES:
                for name, client in self._clients.items():
                    self._look(name, client, event_type)

    def _look(self, name: str, client: Client, event_type: str) -> None:
        query = _DAILY if name == "mart.daily" else _CURRENT.format(table=table(event_type))
        tolerant = self.may_fail
        try:
            ((events, fen),) = client.execute(query, {"stream": event_type, "days": self.days})
        except CLICKHOUSE_ERRORS as error:
            if not (tolerant or self.may_fail):
                self.failed.append(f"{name} {event_type}: {error!r}"[:300])
            return
        self.looks += 1
        most = self.oracle.bound().get(event_type, (0, 0))
        before = self._before.get((name, event_type), (0, 0))
        if events > most[0] or fen > most[1]:
            self.wrong.append(f"{name} {event_type}: {events} events, {fen} fen where at most {most} were sent")
        if (events < before[0] or fen < before[1]) and not self.oracle.may_shrink:
            self.wrong.append(f"{name} {event_type}: {events} events, {fen} fen after {before}")
        self._before[name, event_type] = (events, fen)
