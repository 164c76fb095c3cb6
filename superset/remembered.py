"""SQL that Superset has read before: read once, and again only for whoever changes it.

For each chart Superset reads its dataset's statement three times and its query once, lists the tables, looks for anything that
writes, and spells it out again. A page's statements are the same each time, and on two cores that was half of a chart's work.
"""

from functools import lru_cache
from typing import Any

from superset.sql.parse import SQLStatement

MOST = 1000


def remember() -> None:
    """Have SQLStatement hand out what it remembers."""
    read = SQLStatement.split_script.__func__

    @lru_cache(MOST)
    def originals(script: str, engine: str) -> list[SQLStatement]:
        return list(read(SQLStatement, script, engine))

    def split_script(cls: type[SQLStatement], script: str, engine: str) -> list[SQLStatement]:
        return [Remembered(original) for original in originals(script, engine)]

    SQLStatement.split_script = classmethod(split_script)


class Remembered(SQLStatement):
    """Answers for the original as long as nobody asks for the tree itself: then it has one of its own, which may be changed."""

    def __init__(self, original: SQLStatement) -> None:  # the original is whole: there is nothing to read
        self._original = original
        self._own: Any = None
        self._dialect = original._dialect
        self.engine = original.engine
        self.tables = set(original.tables)

    @property
    def _parsed(self) -> Any:
        if self._own is None:
            self._own = self._original._parsed.copy()
        return self._own

    @_parsed.setter
    def _parsed(self, tree: Any) -> None:
        self._own = tree

    def format(self, comments: bool = True) -> str:
        return super().format(comments) if self._own is not None else formatted(self._original, comments)

    def is_mutating(self) -> bool:
        return super().is_mutating() if self._own is not None else writes(self._original)

    def apply_rls(self, catalog: Any, schema: Any, predicates: Any, method: Any) -> None:
        if any(predicates.values()):  # without one the tree would be copied and stay as it is
            super().apply_rls(catalog, schema, predicates, method)


@lru_cache(MOST)
def formatted(original: SQLStatement, comments: bool) -> str:
    """An original, spelled out."""
    return SQLStatement.format(original, comments)


@lru_cache(MOST)
def writes(original: SQLStatement) -> bool:
    """Whether an original changes anything."""
    return SQLStatement.is_mutating(original)
