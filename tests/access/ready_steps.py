"""Runs in Superset's environment: whom `superset/ready.py` gives what, and how it asks anew. The application is a small one."""

import sys
import types
from typing import Any
from unittest.mock import patch

import flask_login
import ready
from flask import Flask, jsonify, request
from ready import CHART_DATA, GIVEN, RENEWED, Ready
from seats import AUDITED


class Role:
    def __init__(self, name: str) -> None:
        self.name = name


class User(flask_login.UserMixin):
    def __init__(self, number: int, *roles: str) -> None:
        self.id, self.roles, self.active = number, [Role(name) for name in roles], True

    @property
    def is_active(self) -> bool:
        return self.active


class Clock:
    """The module's time: it stands still, and nobody sleeps."""

    now = 1e9

    def time(self) -> float:
        return self.now

    monotonic = time

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0


class Unstarted:
    """A thread that is never begun: the steps renew themselves."""

    def __init__(self, **_: Any) -> None: ...

    def start(self) -> None: ...


clock = Clock()
asked: list[tuple[int | None, bool]] = []
patch.object(ready, "time", clock).start()
patch.object(ready, "Thread", Unstarted).start()
USERS = {1: User(1, "领导"), 2: User(2, "部门·县公安局"), 3: User(3, *AUDITED)}
manager = types.SimpleNamespace(get_user_by_id=USERS.get)
patch.dict(sys.modules, {"superset": types.SimpleNamespace(security_manager=manager)}).start()

app = Flask(__name__)
flask_login.LoginManager(app).request_loader(lambda request: USERS.get(int(request.headers.get("X-User", 0))))
kept = Ready(app, {"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 10**6})


@app.post(CHART_DATA)
def data() -> Any:
    asked.append((getattr(flask_login.current_user, "id", None), request.json.get("force", False)))
    if request.json.get("wrong"):
        return jsonify(error="wrong"), 500
    return jsonify(answer=len(asked))


def ask(user: int, **words: Any) -> tuple[int, str | None]:
    """The answer's number, and its age where it was kept."""
    body = {"form_data": {"dashboardId": 7}, "queries": [{"columns": ["a"]}]} | words
    answer = app.test_client().post(f"{CHART_DATA}?dashboard_id=7", json=body, headers={"X-User": str(user)})
    return answer.json.get("answer", 0), answer.headers.get("Age")


# The same words of the same person; not of another, not other words, not in other roles.
assert ask(1) == (1, None)
clock.now += 5
assert ask(1) == (1, "5")
assert ask(2) == (2, None)
assert ask(1, queries=[]) == (3, None)
USERS[1].roles.append(Role("部门·县财政局"))
assert ask(1) == (4, None)
USERS[1].roles.pop()
assert ask(1) == (1, "5")

# Never kept: what somebody wants anew, what belongs to no page, what is not JSON, what failed, what auditors read, nobody's.
for user, words in (
    (1, {"force": True}),
    (1, {"form_data": {}}),
    (1, {"form_data": None}),
    (1, {"result_format": "csv"}),
    (1, {"result_type": "samples"}),
    (1, {"wrong": True}),
    (3, {}),
    (0, {}),
):
    before = len(asked)
    assert ask(user, **words)[1] is ask(user, **words)[1] is None, words
    assert len(asked) == before + 2, words

# Not beyond its time.
clock.now += GIVEN - 4
assert ask(1)[1] is None
assert ask(1)[1] == "0"

# Renewed past Superset's cache in that person's name, all of a page together, and only when due.
count = len(asked)
kept._renew_page()
renewed = asked[count:]
assert (1, True) in renewed or (2, True) in renewed
while kept._due(list(kept._asked), clock.now):
    kept._renew_page()
assert {user for user, _ in asked[count:]} == {1, 2}
assert all(force for _, force in asked[count:])
count = len(asked)
kept._renew_page()
assert len(asked) == count
clock.now += RENEWED + 1
number, age = ask(1)
assert age == f"{RENEWED + 1}"

# Who may not sign in any more, or has other roles, is not asked for.
USERS[1].active, USERS[2].roles = False, []
for _ in range(10):
    kept._renew_page()
assert len(asked) == count
assert not kept._asked
USERS[1].active = True

# What fails is not asked again and again, and the pages' change leaves nothing.
assert ask(1)[1] is not None
kept.forget()
assert ask(1)[1] is None
print("kept as it should be")  # noqa: T201  the answer to the test
