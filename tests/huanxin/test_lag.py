"""What Kafka does not say is not taken for nothing left."""

from pathlib import Path
from typing import NoReturn

import pytest
from kafka.errors import KafkaTimeoutError
from rich.console import Console

from huanxin.demo import wait_until_landed
from huanxin.errors import StackError
from huanxin.settings import Settings
from huanxin.stack import status


def test_a_kafka_that_does_not_answer_is_not_one_without_lag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(**known: object) -> NoReturn:
        raise KafkaTimeoutError("no broker found")

    monkeypatch.setattr(status, "KafkaConsumer", silent)
    with pytest.raises(StackError, match="does not say what is left"):
        status.lag(Settings(home=tmp_path))
    with pytest.raises(StackError, match="an unknown number of messages are still not landed"):
        wait_until_landed(Settings(home=tmp_path), Console(quiet=True), seconds=0)
