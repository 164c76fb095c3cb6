"""What a page's reader is told, kept ready: what was asked twice is asked again in the background, before a reader has to wait.

Superset's own cache spares ClickHouse a chart's question but still spends half of the chart's time on who asks what of which
dataset. Here the answer to the same words of the same person, in the same roles, is handed out as it was. A page's figures are
renewed together, so that they agree, and nothing is handed out that is older than the question allows. After each question
the renewing rests as long as it took: it never takes more than half a processor.
"""

import json
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock, Thread
from typing import Any

from flask import Response, g, request
from flask_caching import Cache
from flask_login import current_user
from seats import AUDITED
from superset_hooks import only_looks

CHART_DATA = "/api/v1/chart/data"
PAGE = re.compile(r"/api/v1/dashboard/([^/]+)(/charts|/datasets)?")
"""What a browser asks of the page itself: provisioning changes it, and says so (`forget`)."""
CHOICE = "filter_select"
"""The kind of chart that gives a filter its choices."""
FIGURES, PAGES_OWN = 60, 600
"""Seconds that figures are handed out; and what was said of the page itself, or its filters' choices. Asked anew after half."""
WANTED = 12 * 60 * 60
"""Seconds that a page is kept ready after somebody has looked at it: overnight it is not."""
MOST = 1000
"""Questions that each of the server's processes keeps in mind: those asked last."""
RENEWING = "renewing"
"""What the process that renews puts into the cache."""

log = logging.getLogger("huanxin.superset.ready")


@dataclass(frozen=True)
class Question:
    """What somebody's browser asked for a chart or a filter of a page; two are the same where all of it is."""

    user: int
    roles: tuple[str, ...]
    page: str
    lasts: int
    address: str
    body: bytes

    @property
    def key(self) -> str:
        """Its name in the cache."""
        return sha256(repr((self.user, self.roles, self.address, self.body)).encode()).hexdigest()

    @property
    def together(self) -> tuple[int, str, int]:
        """What its answer is renewed together with."""
        return self.user, self.page, self.lasts

    def anew(self) -> bytes:
        """Its words, past Superset's own cache."""
        return json.dumps(json.loads(self.body) | {"force": True}).encode() if self.body else b""


class Ready:
    """The answers of one server. Its processes share the cache; each renews what it was asked itself, unless another has."""

    def __init__(self, app: Any, config: dict[str, Any]) -> None:
        self._app = app
        self._answers = Cache(app, config=config)
        self._asked: dict[Question, float] = {}
        self._start = Lock()
        self._thread: Thread | None = None
        app.before_request(self.give)
        app.after_request(self.keep)

    def give(self) -> Response | None:
        """An answer that is kept; its `Age` says for how many seconds (RFC 9111)."""
        question = g.huanxin_question = g.get("huanxin_question") or asked()
        if question is None or g.get("huanxin_renewing"):
            return None
        if kept := self._answers.get(question.key):
            self._note(question)  # by its second asking, here or in another process
            answered, content = kept
            if (age := time.time() - answered) <= question.lasts:
                g.huanxin_question = None
                log.info("user %d, page %s: an answer of %.0f s ago", question.user, question.page, age)
                told = {"Age": f"{age:.0f}", "Cache-Control": "no-store"}
                return Response(content, mimetype="application/json", headers=told)
        return None

    def keep(self, response: Response) -> Response:
        """Keeps what Superset answered itself."""
        question = g.get("huanxin_question")
        if question is not None and response.status_code == 200:
            self._answers.set(question.key, (time.time(), response.get_data()))
        return response

    def forget(self) -> None:
        """Nothing is ready any more: the pages have changed."""
        self._answers.clear()

    def _note(self, question: Question) -> None:
        self._asked.pop(question, None)
        self._asked[question] = time.time()
        with self._start:
            if self._thread is None:  # not before: a process forks before it is asked anything
                self._thread = Thread(target=self._renew_all, name="ready", daemon=True)
                self._thread.start()

    def _renew_all(self) -> None:
        while True:
            time.sleep(1)
            try:
                if not self._answers.get(RENEWING):  # one process at a time; if two begin at once, no harm is done
                    self._answers.set(RENEWING, True, timeout=60)  # for so long at most, should it be killed
                    self._renew_page()
                    self._answers.delete(RENEWING)
            except Exception:  # such as a cache that is away: this thread is the only one, and tries again
                log.exception("pages could not be kept ready")

    def _renew_page(self) -> None:
        now = time.time()
        known = list(self._asked.copy().items())
        for number, (question, at) in enumerate(known):
            if now - at > WANTED or number < len(known) - MOST:
                self._asked.pop(question, None)
        for question in self._due(list(self._asked), now):
            begun = time.thread_time()
            if not self._renew(question):
                self._asked.pop(question, None)  # it comes back with whoever asks again
            time.sleep(time.thread_time() - begun)

    def _due(self, questions: Sequence[Question], now: float) -> list[Question]:
        """The questions that go together whose oldest answer has the least time left, or none where all have half of theirs."""
        groups: dict[tuple[int, str, int], list[Question]] = {}
        for question in questions:
            groups.setdefault(question.together, []).append(question)
        aged = {group: (now - min(map(self._answered, members))) / group[-1] for group, members in groups.items()}
        oldest = max(aged, key=aged.__getitem__, default=None)
        return groups[oldest] if oldest is not None and aged[oldest] > 1 / 2 else []

    def _answered(self, question: Question) -> float:
        kept = self._answers.get(question.key)
        return kept[0] if kept else 0.0

    def _renew(self, question: Question) -> bool:
        """Ask as that person; whether there was an answer."""
        from superset import security_manager

        method = "POST" if question.body else "GET"
        try:
            with self._app.test_request_context(
                question.address, method=method, data=question.anew(), content_type="application/json"
            ):
                user = security_manager.get_user_by_id(question.user)
                if user is None or not user.is_active or roles(user) != question.roles:
                    return False
                g.huanxin_question, g.huanxin_renewing, g._login_user = question, True, user
                return bool(self._app.full_dispatch_request().status_code == 200)
        except Exception:  # the next reader is answered by Superset itself, with whatever is wrong
            log.exception("a page's answer could not be renewed")
            return False


def asked() -> Question | None:
    """What this request asks of a page, where its answer may be kept: not where somebody looks after pages or reads rows."""
    named = PAGE.fullmatch(request.path)
    if not (request.path == CHART_DATA if request.method == "POST" else request.method == "GET" and named):
        return None
    if not only_looks() or AUDITED & set(held := roles(current_user)):
        return None
    if named:
        return Question(current_user.id, held, named[1], PAGES_OWN, request.full_path, b"")
    try:
        words = json.loads(body := request.get_data())
        page, is_choice = str(int(words["form_data"]["dashboardId"])), words["form_data"].get("viz_type") == CHOICE
    except (ValueError, TypeError, LookupError):
        return None  # Superset says what is wrong with it
    if words.get("force") or words.get("result_format", "json") != "json" or words.get("result_type", "full") != "full":
        return None
    return Question(current_user.id, held, page, PAGES_OWN if is_choice else FIGURES, request.full_path, body)


def roles(user: Any) -> tuple[str, ...]:
    """The names of a person's roles."""
    return tuple(sorted(role.name for role in user.roles))
