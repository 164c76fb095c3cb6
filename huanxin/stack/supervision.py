"""Supervisor (supervisord) keeps the processes: this file writes its configuration and talks to it over its socket."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from huanxin.errors import StackError
from huanxin.settings import CHECKOUT, Settings
from huanxin.stack.programs import Program

MARK = "HUANXIN_STACK"
"""Every process of a stack carries its home in this variable, so that none can be left behind unseen."""


class Supervisor:
    """One stack's supervisord."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.home
        self.folder = settings.home / "run"
        self.socket = _socket_path(self.folder / "supervisor.sock")

    def running(self) -> bool:
        """Whether this stack's supervisord answers."""
        try:
            with self._rpc() as rpc:
                return bool(rpc.getState()["statecode"] == 1)
        except (OSError, xmlrpc.client.Error, ConnectionError):
            return False

    def start(self, programs: Iterable[Program]) -> None:
        """Start supervisord with all programs known and none started; where it runs, add programs that are new."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.home / "logs").mkdir(exist_ok=True)
        self._write(programs)
        if self.running():
            self._reload()
            return
        config = str(self.folder / "supervisord.conf")
        environment = {**os.environ, MARK: str(self.home), "HUANXIN_HOME": str(self.home)}
        command = [str(Path(sys.executable).parent / "supervisord"), "-c", config]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=CHECKOUT)  # noqa: S603
        deadline = time.monotonic() + 15
        while not self.running():
            if done.returncode != 0 or time.monotonic() > deadline:
                raise StackError(
                    f"supervisord did not start: {done.stdout[-500:]}{done.stderr[-1000:]} See {self.home / 'logs'}"
                )
            time.sleep(0.05)

    def states(self) -> dict[str, dict[str, Any]]:
        """Program → Supervisor's process information (statename, pid, description, logfile, …)."""
        with self._rpc() as rpc:
            return {info["name"]: info for info in rpc.getAllProcessInfo()}

    def start_program(self, name: str) -> None:
        """Start one program if it does not run."""
        if self.states()[name]["statename"] not in ("RUNNING", "STARTING"):
            try:
                with self._rpc() as rpc:
                    rpc.startProcess(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode == Faults.ALREADY_STARTED:  # the supervisor was as quick: it starts again what ended itself
                    return
                raise StackError(f"{name} could not be started: {fault.faultString}; see {self.log(name)}") from fault

    def stop_program(self, name: str) -> None:
        """Stop one program and wait until it has ended."""
        if self.states()[name]["statename"] in ("RUNNING", "STARTING", "BACKOFF"):
            with self._rpc() as rpc:
                rpc.stopProcess(name, True)

    def shutdown(self) -> None:
        """Stop everything, in reverse order, and make sure that no process of this stack is left."""
        if self.running():
            for name in reversed(list(self.states())):
                self.stop_program(name)
            with self._rpc() as rpc:
                rpc.shutdown()
        deadline = time.monotonic() + 20
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        left = self.processes()
        for process in left:
            process.terminate()
        _, alive = psutil.wait_procs(left, timeout=10)
        for process in alive:
            process.kill()
        psutil.wait_procs(alive, timeout=5)

    def processes(self) -> list[psutil.Process]:
        """Every process that belongs to this stack, whoever started it."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.pid != os.getpid() and process.environ().get(MARK) == str(self.home):
                    found.append(process)
            except psutil.Error:
                continue  # ended meanwhile, or another user's
        return found

    def log(self, name: str) -> Path:
        """Where a program's output goes."""
        return self.home / "logs" / f"{name}.log"

    @contextmanager
    def _rpc(self) -> Iterator[Any]:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self.socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            yield proxy.supervisor

    def _reload(self) -> None:
        with self._rpc() as rpc:
            added, _changed, _removed = rpc.reloadConfig()[0]
            for name in added:
                rpc.addProcessGroup(name)

    def _write(self, programs: Iterable[Program]) -> None:
        sections = [
            f"[unix_http_server]\nfile={self.socket}\nchmod=0700\n",
            f"[supervisord]\nlogfile={self.home / 'logs' / 'supervisord.log'}\npidfile={self.folder / 'supervisord.pid'}\n"
            "minfds=4096\nlogfile_maxbytes=10MB\n",
            "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n",
            f"[supervisorctl]\nserverurl=unix://{self.socket}\n",
        ]
        for priority, program in enumerate(programs):
            environment = ",".join(f'{key}="{_escape(value)}"' for key, value in program.environment.items())
            command = " ".join(_quote(part) for part in program.command)
            sections.append(
                f"[program:{program.name}]\ncommand={command}\ndirectory={CHECKOUT}\npriority={priority}\nautostart=false\n"
                f"autorestart=true\nstartsecs=2\nstartretries=20\nstopwaitsecs={program.stop_seconds}\nstopasgroup=true\nkillasgroup=true\n"
                f"redirect_stderr=true\nstdout_logfile={self.log(program.name)}\nstdout_logfile_maxbytes=20MB\n"
                f"stdout_logfile_backups=2\nenvironment={environment}\n"
            )
        path = self.folder / "supervisord.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(sections), encoding="utf-8")


def _socket_path(wanted: Path) -> Path:
    """A Unix socket's path may have 107 bytes; for a deeper folder, a short name that stands for it."""
    if len(str(wanted).encode()) < 100:
        return wanted
    return Path(tempfile.gettempdir()) / f"huanxin-{hashlib.sha256(str(wanted).encode()).hexdigest()[:16]}.sock"


def _escape(value: str) -> str:
    return value.replace("%", "%%").replace('"', '\\"')


def _quote(part: str) -> str:
    return '"' + part.replace("%", "%%").replace('"', '\\"') + '"'
