"""Rebuilding a table beside itself: a shadow is filled while the live one is read and written, then both change places at once.

From its making on, a shadow also receives what is inserted into the live table, through a materialized view that copies. After
the exchange the same view copies the other way, so an insert that is under way in that moment reaches both whichever it
resolved: none is lost, and a reader sees the old table or the new one, never a mixture.
"""

from dataclasses import dataclass

from clickhouse_driver import Client


@dataclass(frozen=True, slots=True)
class Shadow:
    """The shadow of one ReplacingMergeTree table, such as `mart.daily_cell`."""

    table: str
    volatile: tuple[str, ...] = ()
    """Columns that may differ between two landings of the same messages."""

    @property
    def name(self) -> str:
        """The table to fill; after `exchange` it holds the old rows."""
        return f"{self.table}_rebuild"

    @property
    def _follower(self) -> str:
        return f"{self.table}_follow"

    def create(self, client: Client) -> None:
        """Make it, empty and following; what an interrupted rebuild left is dropped first."""
        self.drop(client)
        client.execute(f"CREATE TABLE {self.name} AS {self.table}")
        client.execute(f"CREATE MATERIALIZED VIEW {self._follower} TO {self.name} AS SELECT * FROM {self.table}")

    def digests(self, client: Client) -> tuple[tuple[int, int], tuple[int, int]]:
        """Deduplicated row count and content hash of the live table and of the shadow."""
        columns = f"* EXCEPT ({', '.join(self.volatile)})" if self.volatile else "*"
        found = []
        for name in (self.table, self.name):
            found += client.execute(f"SELECT count(), groupBitXor(cityHash64({columns})) FROM {name} FINAL")
        live, shadow = found
        return live, shadow

    def exchange(self, client: Client) -> None:
        """Put it in the live table's place, atomically."""
        client.execute(f"EXCHANGE TABLES {self.table} AND {self.name}")

    def drop(self, client: Client) -> None:
        """Remove it and its view; nothing happens where there is none."""
        client.execute(f"DROP VIEW IF EXISTS {self._follower} SYNC")
        client.execute(f"DROP TABLE IF EXISTS {self.name} SYNC")
