"""What the registry says of a source that is a table of an exchange database (前置库)."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[^\W\d][\w$]*$")]
"""A table's or column's name, as SQL writes it without quotes."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_name: Name | None = None
    table: Name
    key: tuple[Name, ...] = Field(min_length=1)
    """The table's primary key."""


class Polled(_Table):
    """Asked again and again for rows that changed. The address is a secret: HUANXIN_SECRETS__DATABASES, source id → URL."""

    by: Literal["polling"]
    watermark: Name
    """The column that rises whenever a row changes; it should be indexed."""
    overlap_seconds: Annotated[int, Field(ge=0)] = 600
    """How far back each poll looks again. Longer than any transaction of the source lasts: a row that is committed late, with
    an older watermark, is then still seen."""
    every_seconds: Annotated[float, Field(gt=0)] = 30.0

    @property
    def overlap(self) -> timedelta:
        """`overlap_seconds` as a duration."""
        return timedelta(seconds=self.overlap_seconds)


class Captured(_Table):
    """Its changes, deletions among them, come through Debezium; one of its columns numbers a row's revisions."""

    by: Literal["capture"]


Exchange = Annotated[Polled | Captured, Field(discriminator="by")]
