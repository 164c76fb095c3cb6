"""An alarm is open until a person clears it, and then lets through what it was about and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from huanxin.errors import ConfigurationError
from tests.conftest import Stack
from warehouse.alarms import Alarm, clear, let_through, open_alarms, raise_alarm
from warehouse.client import connection

pytestmark = pytest.mark.stack
TOPIC = "huanxin.alarm.test"


def test_raised_once_cleared_once(stack: Stack) -> None:
    alarm = Alarm("dead_letters", TOPIC, 3, 100, 199, "what to do")
    before = datetime.now(UTC) - timedelta(seconds=2)
    with connection(stack.settings, "admin") as client:
        try:
            raise_alarm(client, alarm)
            raise_alarm(client, alarm)
            assert [found for found in open_alarms(client) if found.topic == TOPIC] == [alarm]
            assert let_through(client, TOPIC, 3, before) == -1
        finally:
            clear(client, alarm.id, "test")
        raise_alarm(client, alarm)
        assert [found for found in open_alarms(client) if found.topic == TOPIC] == []
        assert let_through(client, TOPIC, 3, before) == 199
        assert let_through(client, TOPIC, 4, before) == -1
        assert let_through(client, TOPIC, 3, datetime.now(UTC) + timedelta(hours=1)) == -1
        with pytest.raises(ConfigurationError):
            clear(client, alarm.id, "test")
