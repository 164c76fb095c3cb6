"""What people do in Superset, as lines of its log.

Superset's own logger writes each event into the metadata within the request, a handful for each chart. Its commit also makes
the request forget everything that it had read, so that a chart read its dataset, roles and rules again after each: two thirds
of its questions to the metadata. Who asked which figures stands in ClickHouse's log of queries (seats.py).
"""

import json
import logging
from typing import Any

from flask import g, has_request_context
from superset.utils.log import AbstractEventLogger

log = logging.getLogger("huanxin.superset.events")


class LoggedEvents(AbstractEventLogger):
    """EVENT_LOGGER: one line an event."""

    def log(
        self,
        user_id: int | None,
        action: str,
        dashboard_id: int | None,
        duration_ms: int | None,
        slice_id: int | None,
        referrer: str | None,
        curated_payload: dict[str, Any] | None,
        curated_form_data: dict[str, Any] | None,
        *_: Any,
        **__: Any,
    ) -> None:
        if has_request_context() and g.get("huanxin_renewing"):
            return  # nobody did anything (ready.py)
        event = {
            "action": action,
            "user_id": user_id,
            "dashboard_id": dashboard_id,
            "slice_id": slice_id,
            "duration_ms": duration_ms,
            "payload": curated_payload,
        }
        log.info("%s", json.dumps(event, ensure_ascii=False, default=str))
