"""Answers that hold for one request: for a chart Superset asks the same of the same roles a dozen times, each a query."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, has_request_context


def once_per_request(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, remembering what it answered for these arguments until the request ends."""

    @wraps(method)
    def remembering(self: Any, *args: Any, **named: Any) -> Any:
        if not has_request_context():
            return method(self, *args, **named)
        answers = g.setdefault("huanxin_answers", {})
        key = method.__qualname__, getattr(g.get("user"), "id", None), repr((args, sorted(named.items())))
        if key not in answers:
            answers[key] = method(self, *args, **named)
        return answers[key]

    return remembering
