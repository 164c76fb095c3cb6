"""The users file follows from the departments, and gives away nothing that visible.yaml does not name."""

import hashlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from huanxin.errors import ConfigurationError
from huanxin.settings import CHECKOUT
from ingest.sources import sources
from warehouse.seats import EVERYTHING, grants, password, policies, seats, visible
from warehouse.users_file import BASE, render

KEY = "00" * 32
FILE = ET.fromstring(render(KEY))  # noqa: S314  our own file
DEPARTMENTS = [seat for seat in seats() if seat.is_department]
NAMES = {name for seat in DEPARTMENTS for name in (seat.name, *seat.aliases)}


def test_ids_names_and_users_are_distinct() -> None:
    assert len({seat.id for seat in seats()}) == len(seats()) == len({seat.name for seat in seats()})
    base = ET.parse(BASE).find("users")  # noqa: S314  our own file
    assert base is not None
    assert not {user.tag for user in base} & {seat.user for seat in seats()}


def test_every_department_that_sends_or_is_aimed_at_has_a_seat() -> None:
    assert {source.department for source in sources().values()} <= NAMES
    targets = yaml.safe_load((CHECKOUT / "warehouse/reference/targets.yaml").read_text(encoding="utf-8"))["targets"]
    assert {name for target in targets for name in target["departments"]} <= NAMES
    by_stream = {
        target["target"]: {source.department for source in sources().values() if target["stream"] in source.event_types}
        for target in targets
        if target["kind"] == "stream"
    }
    assert {t["target"]: set(t["departments"]) for t in targets if t["target"] in by_stream} == by_stream


def test_the_added_users_are_the_seats() -> None:
    users = FILE.find("users")
    assert users is not None
    for seat in seats():
        user = users.find(seat.user)
        assert user is not None
        digest = hashlib.sha256(password(KEY, "clickhouse", seat.id).encode()).hexdigest()
        assert user.findtext("password_sha256_hex") == digest
        assert user.findtext("profile") in ("pages", "analyst")


def test_departments_and_leaders_are_granted_listed_views_and_nothing_else() -> None:
    for seat in seats():
        granted = {re.sub(r"^GRANT SELECT(\([^)]*\))? ON ", "", grant) for grant in grants(seat)}
        assert (
            granted == {f"{database}.*" for database in EVERYTHING[seat.id]}
            if seat.id in EVERYTHING
            else granted <= set(visible())
        )


def test_leaders_are_granted_no_column_that_leads_to_a_case() -> None:
    (leader,) = [seat for seat in seats() if seat.id == "leader"]
    text = "\n".join(grants(leader))
    assert not re.search(r"\b\w*(_key|_masked|_token|evidence|apply_no|event_id|note)\b", text)


@pytest.mark.parametrize("view", visible())
def test_what_holds_rows_has_a_policy_for_every_department(view: str) -> None:
    rules = {seat.id: policies(seat).get(view) for seat in DEPARTMENTS}
    if visible()[view]["department"] == "all":
        assert set(rules.values()) == {None}
    else:
        assert None not in rules.values()
        assert "{" not in "".join(map(str, rules.values()))


@pytest.mark.parametrize("profile", ["pages", "analyst"])
def test_settings_cannot_be_changed(profile: str) -> None:
    assert FILE.findtext(f"profiles/{profile}/readonly") == "1"
    assert FILE.findtext(f"profiles/{profile}/session_timezone") == "Asia/Shanghai"
    assert int(FILE.findtext(f"profiles/{profile}/max_execution_time") or 0) <= 60


def test_without_a_key_nothing_is_written() -> None:
    with pytest.raises(ConfigurationError, match="SEATS_KEY"):
        render("")


@pytest.mark.usefixtures("superset_code")
def test_superset_derives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUANXIN_SEATS_KEY", KEY)
    import seats as theirs  # type: ignore[import-not-found]

    assert Path(theirs.DEPARTMENTS).samefile(CHECKOUT / "warehouse/reference/departments.yaml")
    assert [(seat.id, seat.name, seat.is_department) for seat in theirs.seats()] == [
        (seat.id, seat.name, seat.is_department) for seat in seats()
    ]
    for purpose in ("clickhouse", "superset"):
        assert theirs.password(purpose, "police") == password(KEY, purpose, "police")


def test_the_plans_tasks_name_known_departments() -> None:
    tasks = yaml.safe_load((CHECKOUT / "warehouse/reference/tasks.yaml").read_text(encoding="utf-8"))
    named = {name for task in tasks["tasks"] for name in (*task["lead"], *task["cooperating"])}
    assert named <= NAMES, "every unit of the plan has an account"
    assert {seat.name for seat in DEPARTMENTS} <= named | {alias for seat in DEPARTMENTS for alias in seat.aliases}


def test_what_pages_read_is_listed() -> None:
    """What a page reads and visible.yaml does not list would be refused to departments and leaders."""
    files = (CHECKOUT / "superset" / "assets" / "datasets").rglob("*.yaml")
    read = {name for file in files for name in re.findall(r"\b(?:mart|ops|landing|cases)\.[a-z_]+", file.read_text("utf-8"))}
    assert read <= set(visible())
