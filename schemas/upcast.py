"""Old versions of an event's `data` brought to today's: what an old source still sends, and what Kafka still holds."""

from typing import Any

from huanxin.errors import RejectedError
from schemas.event import EventData


def upcast(model: type[EventData], data: dict[str, Any], version: int) -> dict[str, Any]:
    """`data` of `version` as the model's own version has it. Raises RejectedError for a version there is no way from."""
    if version > model.version:
        raise RejectedError("envelope", "unknown_version", "dataversion", f"the newest version is {model.version}")
    for step in range(version, model.version):
        if step not in model.upcasts:
            raise RejectedError("envelope", "unknown_version", "dataversion", f"version {version} is no longer taken")
        try:
            data = model.upcasts[step](data)
        except (KeyError, TypeError, ValueError) as error:
            raise RejectedError("data", "upcast_failed", "data", f"not a document of version {step}") from error
    return data
