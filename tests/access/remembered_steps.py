"""Runs in Superset's environment: what `superset/remembered.py` hands out behaves as what Superset would have read anew."""

from superset.sql.parse import LimitMethod, RLSMethod, SQLScript, SQLStatement, Table

SQL = "WITH a AS (SELECT x, y FROM mart.daily) SELECT x, count() AS n FROM a WHERE y = 'b' GROUP BY x"
ENGINE = "clickhousedb"

anew = SQLScript(SQL, ENGINE).statements[0]

from remembered import Remembered, remember  # noqa: E402  Superset's own reading comes first

remember()
first, again = SQLScript(SQL, ENGINE).statements[0], SQLScript(SQL, ENGINE).statements[0]
assert isinstance(first, Remembered)
assert first.format() == again.format() == anew.format()
assert first.tables == anew.tables == {Table("daily", "mart")}
assert not first.is_mutating()
assert SQLScript("DROP TABLE mart.daily", ENGINE).has_mutation()

first.set_limit_value(7, LimitMethod.FORCE_LIMIT)
assert "LIMIT 7" in first.format()
assert "LIMIT" not in again.format() + SQLScript(SQL, ENGINE).format()

predicate = again.parse_predicate("department = 'p'")
again.apply_rls(None, "mart", {Table("daily", "mart"): []}, RLSMethod.AS_SUBQUERY)
assert again.format() == anew.format()
again.apply_rls(None, "mart", {Table("daily", "mart"): [predicate]}, RLSMethod.AS_SUBQUERY)
assert "department = 'p'" in again.format()
assert "department" not in SQLScript(SQL, ENGINE).format()
assert SQLStatement(SQL, ENGINE).format() == anew.format()
print("as read anew")  # noqa: T201  the answer to the test
