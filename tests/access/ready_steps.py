"""Runs in Superset's environment: whom `superset/ready.py` gives what, and how it asks anew. The application is a small one."""

import sys
import types
from typing import Any
from unittest.mock import patch

import flask_login
import ready
from flask import Flask, jsonify, request
from ready import CHART_DATA, FIGURES, PAGES_OWN, Ready
from seats import AUDITED, LOOK_AFTER, signed


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

    thread_time = time

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0


class Unstarted:
    """A thread that is never begun: the steps renew themselves."""

    def __init__(self, **_: Any) -> None: ...

    def start(self) -> None: ...


clock = Clock()
asked: list[tuple[int | None, bool]] = []  # by whom, and whether ahead of time
patch.object(ready, "time", clock).start()
patch.object(ready, "Thread", Unstarted).start()
USERS = {1: User(1, "领导"), 2: User(2, "部门·县公安局"), 3: User(3, *AUDITED), 4: User(4, *LOOK_AFTER)}
PAGE = "/api/v1/dashboard/overview"
manager = types.SimpleNamespace(get_user_by_id=USERS.get)
patch.dict(sys.modules, {"superset": types.SimpleNamespace(security_manager=manager)}).start()

app = Flask(__name__)
flask_login.LoginManager(app).request_loader(lambda request: USERS.get(int(request.headers.get("X-User", 0))))
kept = Ready(app, {"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 10**6})


@app.post(CHART_DATA)
def data() -> Any:
    ahead = " ready */" in signed("SELECT 1")
    assert request.json.get("force") or not ahead
    asked.append((getattr(flask_login.current_user, "id", None), ahead))
    if request.json.get("wrong"):
        return jsonify(error="wrong"), 500
    return jsonify(answer=len(asked))


@app.get(f"{PAGE}/datasets")
def datasets() -> Any:
    asked.append((getattr(flask_login.current_user, "id", None), False))
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

# Never kept: what somebody wants anew, what belongs to no page, what is not JSON, what failed, what auditors read, what
# those ask who look after pages, nobody's.
for user, words in (
    (1, {"force": True}),
    (1, {"form_data": {}}),
    (1, {"form_data": None}),
    (1, {"result_format": "csv"}),
    (1, {"result_type": "samples"}),
    (1, {"wrong": True}),
    (3, {}),
    (4, {}),
    (0, {}),
):
    before = len(asked)
    assert ask(user, **words)[1] is ask(user, **words)[1] is None, words
    assert len(asked) == before + 2, words

# Not beyond its time.
clock.now += FIGURES - 4
assert ask(1)[1] is None
assert ask(1)[1] == "0"

# Renewed past Superset's cache in that person's name, when half of the time is over, and only what was asked twice.
assert ask(2)[1] == f"{FIGURES - 4}"
assert ask(2, queries=["once"])[1] is None
count = len(asked)
clock.now += FIGURES // 2 + 1
while kept._due(list(kept._asked), clock.now):
    kept._renew_page()
assert sorted(set(asked[count:])) == [(1, True), (2, True)]
assert asked[count:].count((2, True)) == 1
assert ask(1)[1] == ask(2)[1] == "0"
count = len(asked)
kept._renew_page()
assert len(asked) == count
clock.now += FIGURES // 2
assert ask(1)[1] == f"{FIGURES // 2}"

# What is said of the page itself lasts longer, and so do the choices of its filters.
choices = {"dashboardId": 7, "viz_type": "filter_select"}
assert ask(1, form_data=choices)[1] is None
reads = [app.test_client().get(f"{PAGE}/datasets", headers={"X-User": "1"}) for _ in range(2)]
assert [answer.headers.get("Age") for answer in reads] == [None, "0"]
assert reads[0].json == reads[1].json
clock.now += FIGURES + 1
assert app.test_client().get(f"{PAGE}/datasets", headers={"X-User": "1"}).headers["Age"] == f"{FIGURES + 1}"
assert ask(1, form_data=choices)[1] == f"{FIGURES + 1}"
assert app.test_client().get(f"{PAGE}/datasets", headers={"X-User": "4"}).headers.get("Age") is None

# Who may not sign in any more, or has other roles, is not asked for.
count = len(asked)
clock.now += PAGES_OWN
USERS[1].active, USERS[2].roles = False, []
for _ in range(10):
    kept._renew_page()
assert len(asked) == count
assert not kept._asked
USERS[1].active = True

# When pages change, nothing is left.
assert [ask(1)[1] for _ in range(2)] == [None, "0"]
kept.forget()
assert ask(1)[1] is None
print("kept as it should be")  # noqa: T201  the answer to the test
