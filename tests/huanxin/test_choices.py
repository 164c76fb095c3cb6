"""Ports and secrets: chosen once, kept, and a taken port is named together with the setting that moves it."""

import socket
import stat
from pathlib import Path

import pytest

from huanxin.errors import StackError
from huanxin.settings import Settings
from huanxin.stack import runtime
from huanxin.stack.choices import PORTS, choose, require_free


def test_choices_are_kept(tmp_path: Path) -> None:
    first = choose(Settings(home=tmp_path), ["a.source"])
    again = choose(Settings(home=tmp_path), ["a.source", "b.source"])
    assert {name: getattr(first, name) for name in PORTS} == {name: getattr(again, name) for name in PORTS}
    assert first.secrets.pseudonym_key == again.secrets.pseudonym_key
    assert first.secrets.source_keys["a.source"] == again.secrets.source_keys["a.source"]
    assert set(again.secrets.source_keys) == {"a.source", "b.source"}
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_ports_are_distinct_and_free(tmp_path: Path) -> None:
    chosen = choose(Settings(home=tmp_path), [])
    assert len({getattr(chosen, name) for name in PORTS}) == len(PORTS)
    require_free(chosen)


def test_a_taken_default_port_is_not_chosen(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        unset = Settings.model_construct(**{**Settings(home=tmp_path).model_dump(), "kafka_port": taken, "_fields_set": set()})
        assert choose(unset, []).kafka_port != taken


def test_a_port_that_another_program_holds_is_named(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        settings = choose(Settings(home=tmp_path, gateway_port=holder.getsockname()[1]), [])
        with pytest.raises(StackError, match="HUANXIN_GATEWAY_PORT"):
            require_free(settings)


def test_too_little_disk_is_said_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "MINIMUM_FREE_BYTES", 1 << 62)
    with pytest.raises(StackError, match="GiB free"):
        runtime.ensure_runtime(Settings(home=tmp_path, runtime=tmp_path / "runtime"), lambda what: None)


def test_a_failed_download_says_which_and_what_the_tool_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "coordinates", lambda lock: "no.such.group:nothing:0")
    with pytest.raises(StackError, match="Kafka's jars could not be fetched"):
        runtime.ensure_runtime(Settings(home=tmp_path, runtime=tmp_path / "runtime"), lambda what: None)
