"""docs/operations.md says what is true: its settings are the real ones, and its commands fill in a whole .env."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from huanxin.settings import CHECKOUT, Secrets, Settings
from tests.huanxin.compose import compose, listed

PAGE = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `(HUANXIN_[A-Z_]+)` \| `?([^|`]+)`? \| \S.* \|$", PAGE, re.MULTILINE))


def shown(default: object) -> str:
    """A default as the page writes it; folders are shown from the checkout."""
    if isinstance(default, Path):
        return str(default.relative_to(CHECKOUT))
    return str(default) if default not in ("", PydanticUndefined) else "empty"


def test_the_table_is_the_settings() -> None:
    fields = {name: field for name, field in Settings.model_fields.items() if name != "secrets"}
    expected = {f"HUANXIN_{name.upper()}": shown(field.default) for name, field in fields.items()}
    expected |= {f"HUANXIN_SECRETS__{name.upper()}": "none" for name in Secrets.model_fields}
    assert {name: default.strip() for name, default in TABLE.items()} == expected


def test_ports_and_sizes_in_the_text_are_the_compose_files() -> None:
    for service in ("gateway", "superset"):
        assert f"127.0.0.1:{compose().services[service]['ports'][0].split(':')[1]}" in PAGE
    assert f"`{listed()['HUANXIN_PARTITIONS'].value}` in the compose file" in PAGE
    assert {f"huanxin_{name}" for name in ("kafka", "clickhouse")} <= set(re.findall(r"huanxin_[a-z]+", PAGE))
    assert {
        name.removeprefix("huanxin_") for name in re.findall(r"`(huanxin_(?!admin|worker|reader|quality)[a-z]+)`", PAGE)
    } <= {
        *compose().volumes,
        *compose().networks,
    }


@pytest.mark.skipif(not all(map(shutil.which, ("bash", "openssl", "sha256sum"))), reason="needs bash, openssl and sha256sum")
def test_the_commands_fill_in_everything_but_the_sources_keys(tmp_path: Path) -> None:
    commands = re.search(r"```bash\n(cp \.env\.example.*?)```", PAGE, re.DOTALL)
    assert commands
    shutil.copy(CHECKOUT / ".env.example", tmp_path)
    done = subprocess.run(["bash", "-euc", commands[1]], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    made = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert {name for name in compose().required if not made[name]} == {"HUANXIN_SECRETS__SOURCE_KEYS"}
    assert {name: made[name] for name in compose().defaults} == {name: listed()[name].value for name in compose().defaults}
    assert (
        len(bytes.fromhex(made["HUANXIN_SECRETS__PSEUDONYM_KEY"]))
        == len(bytes.fromhex(made["HUANXIN_SECRETS__SEAL_KEY"]))
        == 32
    )
    passwords = {user: made[f"HUANXIN_SECRETS__CLICKHOUSE_{user}"] for user in ("ADMIN", "WORKER")}
    passwords |= {user.upper(): given for user, given in re.findall(r"huanxin_(\w+): (\w+)", done.stdout)}
    assert set(passwords) == {"ADMIN", "WORKER", "READER", "QUALITY"}
    for user, password in passwords.items():
        assert made[f"HUANXIN_CLICKHOUSE_{user}_SHA256"] == hashlib.sha256(password.encode()).hexdigest()
