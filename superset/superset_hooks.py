"""What Superset gets wrong for these pages, put right when the application starts."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from superset_theme import START

PAGE = "/superset/dashboard/"
NO_MENUS = "8"
"""Superset's `uiConfig` for charts without menus: page.css hides them, but building them took a sixth of the browser's work."""
LANGUAGE_PACK = "/superset/language_pack/zh/"
FOR_ALL = (
    PAGE,
    "/superset/log/",
    "/superset/language_pack/",
    "/login",
    "/logout",
    "/api/",
    "/static/",
    "/health",
)
"""What whoever only looks at pages may open; every other address leads them to the first page."""


def install(app: Any) -> None:
    """Superset calls this with the Flask application (FLASK_APP_MUTATOR)."""
    with app.app_context():
        from kept import keep_engines
        from once import once_per_request
        from ready import Ready
        from remembered import remember
        from superset.db_engine_specs.clickhouse import ClickHouseBaseEngineSpec
        from superset.security.manager import SupersetSecurityManager
        from superset.translations import utils

    # A chart's alias for the time column shadows the column in WHERE: a monthly chart filtered from the 10th would come back
    # without that month, wrong and with no error. With a suffix of its own no label is a column's name.
    ClickHouseBaseEngineSpec._mutate_label = staticmethod(suffixed)
    remember()
    keep_engines()
    for name in ("exist_permission_on_roles", "get_public_permissions", "user_view_menu_names"):
        setattr(SupersetSecurityManager, name, once_per_request(getattr(SupersetSecurityManager, name)))
    words = _language_pack(Path(utils.DIR))

    def before() -> Any:
        """Answer for some addresses before Superset does."""
        from flask import Response, redirect, request
        from flask_login import current_user

        if request.path in ("/", "/superset/welcome/"):  # its own start page lists charts being edited
            return redirect(START)
        if request.path == LANGUAGE_PACK:  # it gives no words to whoever has not signed in: the sign-in page stayed English
            return Response(words, mimetype="application/json", headers={"Cache-Control": "max-age=3600"})
        if not request.path.startswith(FOR_ALL) and only_looks():  # Superset's own lists and forms are half in English
            return redirect(START)
        opens_page = request.method == "GET" and request.path.startswith(PAGE)
        if opens_page and not {"uiConfig", "edit"} & request.args.keys() and current_user.is_authenticated:
            return redirect(f"{request.path}?{urlencode([*request.args.items(multi=True), ('uiConfig', NO_MENUS)])}")
        return None

    def after(response: Any) -> Any:
        """A browser that signs out keeps a note of having signed in, and would be told that its password was wrong."""
        from flask import request

        if request.path == "/logout/":
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    app.before_request(before)
    app.after_request(after)
    app.extensions["huanxin_ready"] = Ready(app, app.config["READY_CACHE_CONFIG"])


def only_looks() -> bool:
    """Whether somebody is signed in who is neither of the data team nor an administrator."""
    from flask_login import current_user
    from seats import LOOK_AFTER

    return current_user.is_authenticated and not {role.name for role in current_user.roles} & LOOK_AFTER


def suffixed(label: str) -> str:
    """The label with a short hash of itself."""
    return f"{label}_{hashlib.md5(label.encode(), usedforsecurity=False).hexdigest()[:6]}"


def _language_pack(translations: Path) -> bytes:
    """Superset's Chinese words with `words.yaml` laid over them: a third of its strings are guesses."""
    pack = json.loads((translations / "zh" / "LC_MESSAGES" / "messages.json").read_text(encoding="utf-8"))
    own = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    pack["locale_data"]["superset"] |= {english: [chinese] for english, chinese in own.items()}
    return json.dumps(pack, ensure_ascii=False).encode()
