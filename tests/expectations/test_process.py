"""The checkpoint's process: what it is told and how, and what its failures become."""

import json
from pathlib import Path

import pytest

from expectations import process
from expectations.process import run_checkpoint
from huanxin.errors import StackError
from huanxin.settings import Settings

ORDER = {"connection": {"password": "geheim"}, "suites": []}


def quality(folder: Path, script: str) -> Settings:
    """Settings whose quality environment has a shell script for its Python."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return Settings(quality_venv=folder)


def test_the_order_goes_in_and_the_answer_comes_out(tmp_path: Path) -> None:
    assert run_checkpoint(quality(tmp_path, "cat"), ORDER) == ORDER


def test_the_password_is_neither_an_argument_nor_a_variable(tmp_path: Path) -> None:
    told = tmp_path / "told"
    run_checkpoint(quality(tmp_path, f'(echo "$@"; env; pwd) > {told}; cat'), ORDER)
    text = told.read_text()
    assert "geheim" not in text
    assert "GX_ANALYTICS_ENABLED=false" in text
    assert "HUANXIN" not in text, "nor any other secret of ours"
    assert not Path(text.splitlines()[-1]).exists(), "the folder it worked in is gone"


def test_a_missing_environment_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="make install-quality"):
        run_checkpoint(Settings(quality_venv=tmp_path / "none"), ORDER)


def test_an_environment_that_does_not_run_says_how_to_make_it(tmp_path: Path) -> None:
    settings = quality(tmp_path, "")
    (tmp_path / "bin" / "python").write_text("#!/no/such/interpreter\n")
    with pytest.raises(StackError, match="make install-quality"):
        run_checkpoint(settings, ORDER)


def test_a_failure_is_told_without_the_password(tmp_path: Path) -> None:
    script = "cat >/dev/null; echo first >&2; echo 'NoSuchModule: clickhouse://u:geheim@h' >&2; exit 3"
    with pytest.raises(StackError, match=r"ended with 3: NoSuchModule: clickhouse://u:\*\*\*@h"):
        run_checkpoint(quality(tmp_path, script), ORDER)


def test_a_silent_failure_is_told(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="ended with -9: it said nothing"):
        run_checkpoint(quality(tmp_path, "cat >/dev/null; kill -9 $$"), ORDER)


@pytest.mark.parametrize("answer", ["", "hello", "[1]"])
def test_an_answer_that_is_not_an_object_is_refused(tmp_path: Path, answer: str) -> None:
    with pytest.raises(StackError, match="not a JSON object"):
        run_checkpoint(quality(tmp_path, f"cat >/dev/null; printf '%s' '{answer}'"), ORDER)


def test_a_hanging_checkpoint_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "TIMEOUT_SECONDS", 0.3)
    with pytest.raises(StackError, match="did not end within"):
        run_checkpoint(quality(tmp_path, "exec sleep 30"), ORDER)


def test_the_order_keeps_its_chinese(tmp_path: Path) -> None:
    order = {"suites": [{"title": "补贴拨付"}]}
    assert json.dumps(run_checkpoint(quality(tmp_path, "cat"), order), ensure_ascii=False) == json.dumps(
        order, ensure_ascii=False
    )
