"""Superset's settings: everything that differs between machines comes from the environment, nothing secret lies in the tree.

Superset imports this file by name, so its folder must be on PYTHONPATH. The folder has no __init__.py: with one it would shadow
Apache Superset itself.
"""

import os
from typing import Any

from events import LoggedEvents
from ready import WANTED
from seats import connect_as, signed
from superset_hooks import install
from superset_theme import COLORS, DATES, NUMBERS, RATES, START, THEME

SECRET_KEY = os.environ["HUANXIN_SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ["HUANXIN_SUPERSET_DATABASE_URI"]
SQLALCHEMY_TRACK_MODIFICATIONS = False
if SQLALCHEMY_DATABASE_URI.startswith("sqlite"):  # provisioning writes in one transaction: others wait for it
    SQLALCHEMY_ENGINE_OPTIONS = {"connect_args": {"timeout": 120}}

# --- Words and looks. LANGUAGES must be set too, or the front end stays English.
APP_NAME = "换新"
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {"zh": {"flag": "cn", "name": "简体中文"}}
LOGO_TARGET_PATH = START
D3_FORMAT = NUMBERS
D3_TIME_FORMAT = DATES
THEME_DEFAULT = THEME
THEME_DARK = None  # pages are made to be printed
ENABLE_UI_THEME_ADMINISTRATION = False
EXTRA_CATEGORICAL_COLOR_SCHEMES = [COLORS]
EXTRA_SEQUENTIAL_COLOR_SCHEMES = [RATES]
# Handlebars charts carry class names, bar widths and drawn lines. Only this bundle's authors write templates; leaders cannot.
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {
    "tagNames": ["svg", "polyline"],
    "attributes": {"*": ["className", "style", "title"], "svg": ["viewBox", "preserveAspectRatio"], "polyline": ["points"]},
}

# --- What leaders may not do, and what is not used, is off.
FEATURE_FLAGS = {
    "DRILL_BY": False,
    "DRILL_TO_DETAIL": False,  # rows behind a figure have their own pages
    "EMBEDDABLE_CHARTS": False,
    "CSS_TEMPLATES": False,
    "SQLLAB_BACKEND_PERSISTENCE": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ENABLE_JAVASCRIPT_CONTROLS": False,
    "EMBEDDED_SUPERSET": False,
    "ALERT_REPORTS": False,
    "THUMBNAILS": False,  # a picture is drawn with one user's eyes and shown to others
    "DASHBOARD_RBAC": False,  # it would open a page's datasets to whoever may open the page
    "ALLOW_ADHOC_SUBQUERY": False,
    "RLS_IN_SQLLAB": True,
    "CACHE_QUERY_BY_USER": True,  # a result belongs to the eyes that read it
}
DB_CONNECTION_MUTATOR = connect_as
SQL_QUERY_MUTATOR = signed
AUTH_USER_REGISTRATION = False
GUEST_ROLE_NAME = "guest tokens are off"  # no role has this name
FAB_API_SWAGGER_UI = False
ENABLE_CORS = False
PUBLIC_ROLE_LIKE = None
PREVENT_UNSAFE_DB_CONNECTIONS = True
ROW_LIMIT = 5000
SAMPLES_ROW_LIMIT = 100
BUG_REPORT_URL = None
DOCUMENTATION_URL = None

# --- Sessions: plain http on loopback, cookies marked secure behind an https address.
_HTTPS = os.environ.get("HUANXIN_PUBLIC_URL", "").startswith("https://")
ENABLE_PROXY_FIX = _HTTPS
SESSION_COOKIE_NAME = "huanxin_superset"  # another Superset on this host keeps its own session
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PERMANENT_SESSION_LIFETIME = 12 * 60 * 60
AUTH_RATE_LIMITED = True
RATELIMIT_ENABLED = True
RATELIMIT_APPLICATION = "200 per second"  # a whole office may come from one address
# Without Redis each of the two workers counts its own.
RATELIMIT_STORAGE_URI = os.environ.get("HUANXIN_REDIS_URL") or "memory://"
# No address outside this server, so no telemetry pixel, map tile or web font can be fetched. Handlebars compiles its templates
# in the browser and draws nothing without unsafe-eval; scripts themselves still need this server's nonce.
TALISMAN_CONFIG: dict[str, Any] = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
        "frame-ancestors": ["'none'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # the proxy in front does that where there is one
    "session_cookie_secure": _HTTPS,
}


# --- Caches: figures follow events within seconds, standings within ten; a page may be a minute behind (ready.py), and says
# when its data end.
def _cache(prefix: str, timeout: int) -> dict[str, Any]:
    """One cache under its own prefix: in Redis where that is given, else in files."""
    common = {"CACHE_DEFAULT_TIMEOUT": timeout, "CACHE_KEY_PREFIX": f"huanxin_{prefix}_"}
    if redis := os.environ.get("HUANXIN_REDIS_URL"):
        return common | {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": redis}
    folder = os.path.join(os.environ["HUANXIN_SUPERSET_CACHE_DIR"], prefix)
    return common | {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": folder, "CACHE_THRESHOLD": 5000}


CACHE_DEFAULT_TIMEOUT = 20
CACHE_CONFIG = _cache("meta", 600)
DATA_CACHE_CONFIG = _cache("data", 20)
READY_CACHE_CONFIG = _cache("ready", WANTED)
FILTER_STATE_CACHE_CONFIG = _cache("filter", 7 * 24 * 3600) | {"REFRESH_TIMEOUT_ON_RETRIEVAL": True}
EXPLORE_FORM_DATA_CACHE_CONFIG = _cache("explore", 24 * 3600) | {"REFRESH_TIMEOUT_ON_RETRIEVAL": True}

FLASK_APP_MUTATOR = install
EVENT_LOGGER = LoggedEvents()
