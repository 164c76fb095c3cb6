"""The guide for source systems is run as it stands: every example in it works, and every reason is explained."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huanxin.settings import CHECKOUT
from tests.conftest import Stack
from tests.ingest.gateway.test_signature import EXAMPLE

GUIDE = (CHECKOUT / "docs" / "sources.zh.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python) run=(\w+)\n(.*?)^```$", re.M | re.S)
REASON = re.compile(r"""(?:Refusal|later|_unknown)\(\s*(?:\d+,\s*)?"([a-z_]+)",""")


@pytest.mark.stack
def test_every_example_does_what_it_says(stack: Stack, tmp_path: Path) -> None:
    """In order, in one folder, as a reader would; on a day that no other test uses."""
    environment = {
        **os.environ,
        "GATEWAY": stack.urls["gateway"],
        "KEY": stack.settings.secrets.source_keys["recycler.weighbridge"],
    }
    blocks = BLOCK.findall(GUIDE.replace("2024-05-02", "2015-01-20"))
    assert len(blocks) >= 7
    for language, expected, text in blocks:
        command = ["bash", "-ec", text] if language == "sh" else [sys.executable, "-c", text]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        assert expected in done.stdout, f"{text}\n{done.stdout}"
        assert '"rejected":1' not in done.stdout.replace(" ", "")
        assert " rejected " not in done.stdout, done.stdout


def test_every_reason_of_a_refusal_is_explained() -> None:
    given = {reason for file in (CHECKOUT / "ingest" / "gateway").glob("*.py") for reason in REASON.findall(file.read_text())}
    assert len(given) > 20
    assert {reason for reason in given if f"`{reason}`" not in GUIDE} == set()


def test_the_signature_to_check_against() -> None:
    assert EXAMPLE in GUIDE
