"""The guide for source systems: its example is taken in as it stands, and it quotes receipts as they are."""

import re
from pathlib import Path

from huanxin.settings import CHECKOUT
from ingest.fakes import FakePublisher
from ingest.files.reasons import reasons
from ingest.files.take_in import take_in
from ingest.sources import sources
from tests.ingest.samples import intake

GUIDE = (CHECKOUT / "docs" / "files.zh.md").read_text(encoding="utf-8")


def test_the_example_is_taken_in(tmp_path: Path) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    path = tmp_path / "例.csv"
    path.write_text(example, encoding="gb18030")
    report = take_in(intake(FakePublisher()), path, sources()["police.registration"])
    assert (report.accepted, report.clean) == (1, True), report.as_text()


def test_the_reasons_are_quoted_as_receipts_say_them() -> None:
    said = str(reasons())
    table = GUIDE.partition("## 五、")[2]
    quoted = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
    assert len(quoted) >= 7
    assert [text for text in quoted if text not in said] == []
