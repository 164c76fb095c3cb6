"""Touched cells, packed: one message for each target partition with all the distinct days of a stream that a batch touched.

The version of a recompute is (epoch, offset) of the message that asked for it, so of two recomputes of a cell the one asked for
later wins, with no clock: a cell always lies in one partition. It moves when huanxin.touched.cells gets more partitions; a
topic's partitions only ever grow, so their number is the epoch. A message says for which number it was packed, and whoever
takes one packed for another number sends it on to where its cells lie now.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

_EPOCH_SHIFT = 48
Days = Mapping[str, set[date]]
"""Stream → its distinct days."""


def version(partitions: int, offset: int) -> int:
    """(epoch, offset) as one number that fits a UInt64: 16 bits and 48 bits."""
    return partitions << _EPOCH_SHIFT | offset


def pack(event_type: str, days: Iterable[date], partitions: int) -> dict[int, bytes]:
    """Partition of huanxin.touched.cells → message. One cell (a stream's day) always lies in one partition."""
    by_partition: defaultdict[int, list[str]] = defaultdict(list)
    for day in sorted(days):
        by_partition[zlib.crc32(f"{event_type}/{day}".encode()) % partitions].append(day.isoformat())
    return {
        partition: json.dumps({"stream": event_type, "days": found, "partitions": partitions}).encode()
        for partition, found in sorted(by_partition.items())
    }


def unpack(values: Iterable[bytes], partitions: int) -> tuple[Days, Days]:
    """The days of many messages: those packed for so many partitions, and those that lie elsewhere now."""
    here: defaultdict[str, set[date]] = defaultdict(set)
    elsewhere: defaultdict[str, set[date]] = defaultdict(set)
    for value in values:
        message = json.loads(value)
        touched = here if message["partitions"] == partitions else elsewhere
        touched[message["stream"]].update(date.fromisoformat(day) for day in message["days"])
    return here, elsewhere
