"""A ClickHouse server without a `clickhouse` binary: the server code inside npm's chdb library, in this process.

Run as `python -m huanxin.stack.chdb_server LIBRARY CONFIG TCP_PORT HTTP_PORT DATA_DIR`. The library's entry point starts an
embedded server; one query opens the native and the HTTP listener and then sleeps for ever, which keeps the process serving.
The log of queries begins anew with each start; a server of ClickHouse's own keeps it.
"""

import ctypes
import shutil
import sys
from pathlib import Path

SERVE = (
    "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; "
    "SELECT sleepEachRow(1) FROM numbers(10000000000) "
    "SETTINGS function_sleep_max_microseconds_per_block = 60000000000, max_block_size = 1 FORMAT Null"
)


def main(library: str, config: str, tcp_port: str, http_port: str, data: str) -> int:
    """Serve until the process is killed; returns only when the library refuses to start."""
    # This server forgets its tables of `system` when it ends, and will not make them anew where their files lie.
    shutil.rmtree(Path(data) / "data" / "system", ignore_errors=True)
    _take_away_empty_definitions(Path(data))
    chdb = ctypes.CDLL(library)
    arguments = [
        "clickhouse",
        *("--config-file", config),
        *("--tcp_port", tcp_port),
        *("--http_port", http_port),
        *("--listen_host", "127.0.0.1"),
        *("--path", data),
        *("--server_logs_file", "/dev/stderr"),  # without it nothing is said, not even why the library ended itself
        *("--log-level", "warning"),
        *("--query", SERVE),
    ]
    argv = (ctypes.c_char_p * len(arguments))(*[a.encode() for a in arguments])
    chdb.query_stable_v2.restype = ctypes.c_void_p
    chdb.query_stable_v2(len(arguments), argv)
    sys.stderr.write("the ClickHouse library returned: see the lines above for the reason\n")
    return 1


def _take_away_empty_definitions(data: Path) -> None:
    """A definition that a full disk cut off says nothing, and the server would not start for it."""
    for definition in data.glob("store/*/*/*.sql"):
        if not definition.stat().st_size:
            definition.unlink()
            sys.stderr.write(f"taken away: {definition}, an empty definition; make that table anew: see docs/operations.md\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:6]))
