"""The ClickHouse server: a `clickhouse` binary on the path, else the server inside npm's chdb library, with the same files."""

import hashlib
import shutil
import sys
from pathlib import Path

from huanxin.settings import CHECKOUT, Settings
from huanxin.stack.runtime import chdb_library
from warehouse.users_file import write

ACCESS = CHECKOUT / "warehouse" / "access"
USERS = ("admin", "worker", "reader", "quality")


def prepare(settings: Settings) -> None:
    """Make the data folder, and the users file anew: the server reads it again within seconds."""
    (settings.home / "data" / "clickhouse").mkdir(parents=True, exist_ok=True)
    write(users_file(settings), settings.secrets.seats_key)


def users_file(settings: Settings) -> Path:
    """Where the server's users file lies."""
    return settings.home / "data" / "clickhouse-users.xml"


def environment(settings: Settings) -> dict[str, str]:
    """What `warehouse/access/*.xml` reads from the environment: the users file, each password's SHA-256, the share of memory.

    The library counts what it takes and not all that it gives back (8.7 GiB counted where 3.2 were held): a limit on all its
    memory would refuse everything in the end, so it has none. Each query's own limit holds.
    """
    hashes = {
        f"HUANXIN_CLICKHOUSE_{user.upper()}_SHA256": hashlib.sha256(
            getattr(settings.secrets, f"clickhouse_{user}").encode()
        ).hexdigest()
        for user in USERS
    }
    ratio = "0.5" if shutil.which("clickhouse") else "100"
    return {"HUANXIN_CLICKHOUSE_USERS": str(users_file(settings)), "HUANXIN_CLICKHOUSE_RAM_RATIO": ratio, **hashes}


def command(settings: Settings) -> list[str]:
    """The server's command line."""
    data = str(settings.home / "data" / "clickhouse")
    ports = (str(settings.clickhouse_native_port), str(settings.clickhouse_http_port))
    binary = shutil.which("clickhouse")
    if binary:
        options = [f"--tcp_port={ports[0]}", f"--http_port={ports[1]}", f"--listen_host={settings.host}", f"--path={data}"]
        return [binary, "server", f"--config-file={ACCESS / 'server.xml'}", "--", *options]
    module = "huanxin.stack.chdb_server"
    return [sys.executable, "-m", module, str(chdb_library(settings)), str(ACCESS / "server.xml"), *ports, data]
