"""What the local stack chooses once and keeps in its home: free ports and fresh secrets."""

import json
import os
import secrets
import socket
from pathlib import Path

from huanxin.errors import StackError
from huanxin.settings import Settings, read_json

PORTS = (
    "kafka_port",
    "kafka_controller_port",
    "clickhouse_native_port",
    "clickhouse_http_port",
    "gateway_port",
    "superset_port",
    "worker_port",
)


def choose(settings: Settings, source_ids: list[str]) -> Settings:
    """Fill in ports and secrets where the home has none yet; returns the settings with them.

    A port named in a variable or in huanxin.toml is taken as it is; otherwise the default where it is free, else any free one.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    ports = read_json(settings.home / "ports.json")
    taken = set(ports.values())
    for name in PORTS:
        if name not in ports:
            named = name in settings.model_fields_set
            ports[name] = getattr(settings, name) if named else _free_port(settings.host, getattr(settings, name), taken)
            taken.add(ports[name])
    _write(settings.home / "ports.json", json.dumps(ports, indent=2), 0o644)
    _write(settings.home / "secrets.json", json.dumps(_secrets(settings.home, source_ids), indent=2), 0o600)
    return Settings(home=settings.home)


def require_free(settings: Settings, names: tuple[str, ...] = PORTS) -> None:
    """Raise StackError, naming the port and its setting, where another program holds a port that the stack needs."""
    for name in names:
        port = getattr(settings, name)
        if not _is_free(settings.host, port):
            raise StackError(
                f"port {port} on {settings.host} is taken by another program; stop that, or set HUANXIN_{name.upper()} "
                f"to a free port, or delete {settings.home / 'ports.json'} to choose anew"
            )


def _secrets(home: Path, source_ids: list[str]) -> dict[str, object]:
    found = read_json(home / "secrets.json")
    for name in ("pseudonym_key", "seal_key", "seats_key"):
        found.setdefault(name, secrets.token_hex(32))
    for user in ("admin", "worker", "reader", "quality"):
        found.setdefault(f"clickhouse_{user}", secrets.token_urlsafe(24))
    for name in ("superset_secret", "superset_admin", "superset_leader"):
        found.setdefault(name, secrets.token_urlsafe(12 if name != "superset_secret" else 42))
    keys = found.setdefault("source_keys", {})
    for source_id in source_ids:
        keys.setdefault(source_id, secrets.token_urlsafe(24))
    return found


def _free_port(host: str, preferred: int, taken: set[int]) -> int:
    if preferred not in taken and _is_free(host, preferred):
        return preferred
    while True:
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    path.with_suffix(".new").replace(path)


def free_ports(count: int) -> list[int]:
    """Distinct ports that are free now, for a stack that must not choose the usual ones."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()
