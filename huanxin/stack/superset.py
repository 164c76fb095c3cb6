"""Apache Superset in an environment of its own, under gunicorn."""

import os
import subprocess

from huanxin.errors import StackError
from huanxin.settings import CHECKOUT, Settings

SUPERSET = CHECKOUT / "superset"


def installed(settings: Settings) -> bool:
    """Whether Superset's environment is there; without it the rest of the stack still runs."""
    return (settings.superset_venv / "bin" / "gunicorn").exists()


def environment(settings: Settings) -> dict[str, str]:
    """What superset_config.py and provision.py read."""
    folder = settings.home / "data" / "superset"
    return {
        "PYTHONPATH": str(SUPERSET),
        "SUPERSET_CONFIG_PATH": str(SUPERSET / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "HUANXIN_SUPERSET_SECRET_KEY": settings.secrets.superset_secret,
        "HUANXIN_SUPERSET_DATABASE_URI": settings.superset_metadata_uri
        or f"sqlite:///{folder / 'superset.db'}?check_same_thread=false",
        "HUANXIN_SUPERSET_CACHE_DIR": str(folder / "cache"),
        "HUANXIN_REDIS_URL": settings.redis_url,
        "HUANXIN_SEATS_KEY": settings.secrets.seats_key,
        "HUANXIN_SUPERSET_ADMIN_PASSWORD": settings.secrets.superset_admin,
        "HUANXIN_SUPERSET_LEADER_PASSWORD": settings.secrets.superset_leader,
        "HUANXIN_CLICKHOUSE_HOST": settings.clickhouse_host,
        "HUANXIN_CLICKHOUSE_HTTP_PORT": str(settings.clickhouse_http_port),
    }


def command(settings: Settings) -> list[str]:
    """Gunicorn's command line."""
    bind = f"{settings.host}:{settings.superset_port}"
    gunicorn = str(settings.superset_venv / "bin" / "gunicorn")
    return [gunicorn, "-w", "2", "-k", "gthread", "--threads", "8", "--timeout", "120", "-b", bind, "superset.app:create_app()"]


def provision(settings: Settings, *options: str) -> str:
    """Bring database schema, roles, users and assets to the tree's state; returns what the provisioner said.

    Raises StackError with file and reason where it could not.
    """
    (settings.home / "data" / "superset" / "cache").mkdir(parents=True, exist_ok=True)
    python = str(settings.superset_venv / "bin" / "python")
    done = subprocess.run(  # noqa: S603
        [python, str(SUPERSET / "provision.py"), *options],
        env={**os.environ, **environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    log = settings.home / "logs" / "superset-provision.log"
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        raise StackError(f"Superset's pages could not be provisioned; see {log}. It ended with:\n{done.stderr[-2000:]}")
    return done.stdout
