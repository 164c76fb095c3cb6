"""A gate of the proxy: what passes, what is held, and where a marker closes it."""

import socket
import threading

from huanxin.chaos.proxy import Gate, Proxy


def test_a_gate_passes_everything_until_it_is_closed() -> None:
    gate = Gate()
    assert gate.split(b"abc") == (b"abc", b"")
    gate.close()
    assert gate.split(b"abc") == (b"", b"abc")
    gate.open()
    assert gate.split(b"abc") == (b"abc", b"")


def test_a_gate_closes_so_many_bytes_after_a_marker() -> None:
    gate = Gate()
    gate.close_at(b"INSERT", after=8)
    assert gate.split(b"SELECT 1") == (b"SELECT 1", b"")
    assert gate.split(b"xxINSERT INTO t") == (b"xxINSERT I", b"NTO t")
    assert gate.caught
    assert gate.split(b"more") == (b"", b"more")


def test_a_gate_counts_on_over_several_reads() -> None:
    gate = Gate()
    gate.close_at(b"INSERT", after=10)
    assert gate.split(b"INSERT") == (b"INSERT", b"")
    assert gate.split(b" INTO t") == (b" INT", b"O t")


def test_what_is_held_in_a_cut_connection_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        proxy = Proxy("127.0.0.1", port, server.getsockname()[1])
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                there, _ = server.accept()
                there.settimeout(5)
                client.sendall(b"first")
                assert there.recv(10) == b"first"
                proxy.up.close()
                client.sendall(b"second")
                threading.Event().wait(0.2)
                assert proxy.up.waiting == 6
                proxy.cut()
                assert there.recv(10) == b""
                there.close()
        finally:
            proxy.stop()
