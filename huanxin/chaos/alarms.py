"""The workers' alarms, as an operator sees and clears them."""

from huanxin.chaos.lab import Lab
from huanxin.stack.status import status
from warehouse import alarms
from warehouse.client import connection


def open_alarms(lab: Lab) -> list[str]:
    """The ids of open alarms, as `huanxin status` shows them; a status with one must not be healthy."""
    state = status(lab.settings)
    named = [str(alarm["id"]) for alarm in state["alarms"]]
    return [] if state["healthy"] else named


def clear_alarms(lab: Lab) -> bool:
    """Clear every open alarm; always False, so that it can stand in a wait."""
    with connection(lab.settings, "admin") as client:
        for alarm in alarms.open_alarms(client):
            alarms.clear(client, alarm.id, "chaos")
    return False
