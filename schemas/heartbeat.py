"""A heartbeat: the way in of a source works, although it may have nothing to report.

A source that is silent and beats has nothing new; one that is silent without is cut off. It is a CloudEvent in a topic of its
own and no business document: nothing of it is landed, counted or judged.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from schemas.catalogue import HEARTBEATS
from schemas.envelope import SourceId, Surface


class Heartbeat(BaseModel):
    """`id` is the source and the time, `time` the connector's clock; what counts is the broker's append time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    type: Literal["source.heartbeat"] = "source.heartbeat"
    source: SourceId
    time: AwareDatetime
    surface: Surface
    """What beats: the watcher that looked into the source's folder, the source's own system, the reader of its table."""

    @classmethod
    def of(cls, source: str, surface: Surface, now: datetime) -> "Heartbeat":
        """The heartbeat of a moment."""
        return cls(id=f"{source}/{now.isoformat()}", source=source, time=now, surface=surface)

    @property
    def topic(self) -> str:
        """The topic of all heartbeats."""
        return HEARTBEATS

    @property
    def key(self) -> bytes:
        """Compaction keeps the last one of each source."""
        return self.source.encode()

    @property
    def value(self) -> bytes:
        """As it lies in Kafka."""
        return self.model_dump_json().encode()
